/** What a size of server or database brings. */
export interface Size {
  vcpus: number;
  memoryGib: number;
}

/** GiB for each vCPU, by the family's first letter ("Amazon EC2 instance types"); db classes are the same machines. */
const AWS_RATIO: Record<string, number> = { c: 2, m: 4, r: 8 };
const AWS_VCPUS: Record<string, number> = { medium: 1, large: 2, xlarge: 4 };
/** Burstable ones, which all generations since t3 have alike. */
const T_SIZES: Record<string, Size> = {
  micro: { vcpus: 2, memoryGib: 1 },
  small: { vcpus: 2, memoryGib: 2 },
  medium: { vcpus: 2, memoryGib: 4 },
  large: { vcpus: 2, memoryGib: 8 },
  xlarge: { vcpus: 4, memoryGib: 16 },
  "2xlarge": { vcpus: 8, memoryGib: 32 },
};

/**
 * What an instance type of EC2 or a class of RDS brings; undefined for one that this does not know.
 *
 * @example awsSize("db.m7g.xlarge") // { vcpus: 4, memoryGib: 16 }
 */
export function awsSize(type: string): Size | undefined {
  const [, letter = "", size = ""] = /^(?:db\.)?([cmrt])\d[a-z-]*\.(\w+)$/.exec(type) ?? [];
  if (letter === "t") return T_SIZES[size];
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  const vcpus = times === undefined ? AWS_VCPUS[size] : Number(times) * 4;
  const ratio = AWS_RATIO[letter];
  return vcpus === undefined || ratio === undefined ? undefined : { vcpus, memoryGib: vcpus * ratio };
}

/** GiB for each vCPU, by the family ("Sizes for virtual machines in Azure"); an `l` among the letters halves it. */
const AZURE_RATIO: Record<string, number> = { D: 4, E: 8, F: 2 };

/**
 * What a size of Azure's virtual machines, or of its MySQL, brings; undefined for one that this does not know.
 *
 * @example azureSize("Standard_D2s_v5") // { vcpus: 2, memoryGib: 8 }
 */
export function azureSize(name: string): Size | undefined {
  const [, family = "", number = "", letters = ""] = /^Standard_([DEF])(\d+)([a-z]*)_v\d+$/.exec(name) ?? [];
  const ratio = AZURE_RATIO[family];
  if (ratio === undefined) return undefined;
  const vcpus = Number(number);
  return { vcpus, memoryGib: vcpus * (letters.includes("l") ? ratio / 2 : ratio) };
}

/** Whether one carries what another one carries. */
export function suffices(size: Size, load: Size): boolean {
  return size.vcpus >= load.vcpus && size.memoryGib >= load.memoryGib;
}

/** @example showSize({ vcpus: 2, memoryGib: 8 }) // "2 vCPUs and 8 GiB" */
export function showSize({ vcpus, memoryGib }: Size): string {
  return `${vcpus} vCPUs and ${memoryGib} GiB`;
}
