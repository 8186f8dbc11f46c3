import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Certificate } from "../local/certificate.ts";
import type { MachinePlan } from "../local/machine.ts";
import { Fleet } from "../local/machines.ts";
import type { Target } from "../local/pool.ts";
import type { Properties } from "../provider/codec.ts";
import type { ComputeImages } from "./compute-images.ts";
import type { AzureFaults } from "./faults.ts";
import type { IdentityEndpoint } from "./identity-endpoint.ts";
import type { Pace } from "./pace.ts";

/** A scale set as far as its machines depend on it, by the names of its Pulumi type. */
export interface ScaleSet extends Properties {
  vmScaleSetName?: string;
  sku?: { name?: string; capacity?: number };
  orchestrationMode?: string;
  platformFaultDomainCount?: number;
  singlePlacementGroup?: boolean;
  overprovision?: boolean;
  zones?: string[];
  upgradePolicy?: { mode?: string };
  identity?: { userAssignedIdentities?: string[] };
  virtualMachineProfile?: MachineProfile;
}

export interface MachineProfile {
  /** A cloud-config, in base64. */
  userData?: string;
  osProfile?: Properties;
  storageProfile?: { imageReference?: { id?: string; publisher?: string } };
  networkProfile?: {
    networkApiVersion?: string;
    networkInterfaceConfigurations?: { ipConfigurations?: AddressConfiguration[] }[];
  };
}

export interface AddressConfiguration {
  subnet?: { id?: string };
  loadBalancerBackendAddressPools?: { id?: string }[];
}

/** Least and most machines, and the autoscale setting that says so. */
export interface Limits {
  settingId: string;
  minimum: number;
  maximum: number;
}

interface Hosted {
  fleet: Fleet;
  settings: ScaleSet;
  plan: MachinePlan;
  limits: Limits | undefined;
}

/** The machines of every scale set, as processes. */
export class ScaleSets implements AsyncDisposable {
  readonly #identities: IdentityEndpoint;
  readonly #certificate: Certificate;
  readonly #folder: string;
  readonly #pace: Pace;
  readonly #faults: AzureFaults;
  readonly #images: Pick<ComputeImages, "diskOf">;
  /** By id, in small letters. */
  readonly #hosted = new Map<string, Hosted>();

  /** @param args.folder gets a folder for each machine */
  constructor(args: {
    identities: IdentityEndpoint;
    certificate: Certificate;
    folder: string;
    pace: Pace;
    faults: AzureFaults;
    images: Pick<ComputeImages, "diskOf">;
  }) {
    this.#identities = args.identities;
    this.#certificate = args.certificate;
    this.#folder = args.folder;
    this.#pace = args.pace;
    this.#faults = args.faults;
    this.#images = args.images;
  }

  /**
   * Brings the machines of a scale set to its settings: as many as its capacity says, within what autoscale allows.
   * Those that stand keep the user data that they booted with, unless the upgrade policy replaces them.
   *
   * @throws Error when a machine's app does not come up, or no machine of the size is to be had
   */
  async write(id: string, settings: ScaleSet): Promise<void> {
    const former = this.#hosted.get(id.toLowerCase());
    const plan = this.#planOf(settings);
    const fleet = former?.fleet ?? new Fleet(join(this.#folder, "machines"));
    const renewed = former && changesMachines(former.settings, settings) && isUpgraded(settings);
    const hosted = { fleet, settings, plan, limits: former?.limits };
    await this.#bring(hosted, renewed ? [] : idsOf(fleet));
    this.#hosted.set(id.toLowerCase(), hosted);
  }

  /** Sets what autoscale allows a scale set. */
  async limit(id: string, limits: Limits): Promise<void> {
    const hosted = this.#hosted.get(id.toLowerCase());
    if (!hosted) return;
    hosted.limits = limits;
    await this.#bring(hosted, idsOf(hosted.fleet));
  }

  /** Lifts what an autoscale setting allowed; that alone changes no count. */
  unlimit(settingId: string): void {
    for (const hosted of this.#hosted.values()) {
      if (hosted.limits?.settingId.toLowerCase() === settingId.toLowerCase()) hosted.limits = undefined;
    }
  }

  /** Ends the machines of a scale set. */
  async delete(id: string): Promise<void> {
    const hosted = this.#hosted.get(id.toLowerCase());
    this.#hosted.delete(id.toLowerCase());
    await hosted?.fleet[Symbol.asyncDispose]();
  }

  /** The machines behind a balancer's pool, at the port that the balancer sends to. */
  targetsOf(poolId: string, port: number): Target[] {
    const behind = [...this.#hosted.values()].filter(({ settings }) =>
      addressesOf(settings)
        .flatMap(({ loadBalancerBackendAddressPools: pools = [] }) => pools)
        .some((pool) => pool.id?.toLowerCase() === poolId.toLowerCase()),
    );
    return behind.flatMap(({ fleet }) => fleet.targets().map((target) => ({ ...target, port })));
  }

  /** The machines of a scale set. */
  machinesOf(id: string) {
    return this.#hosted.get(id.toLowerCase())?.fleet.machines() ?? [];
  }

  /** Ends all machines as a loss of power would. */
  async kill(): Promise<void> {
    await Promise.all([...this.#hosted.values()].map(({ fleet }) => fleet.kill()));
  }

  /** Boots them again. @throws ServiceError when an app does not come up */
  async revive(): Promise<void> {
    await Promise.all([...this.#hosted.values()].map(({ fleet }) => fleet.revive()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#hosted.keys()].map((id) => this.delete(id)));
  }

  /** Keeps what stands, newest gone first, and adds what is missing, if there is any more of its size. */
  async #bring({ fleet, settings, plan, limits }: Hosted, standing: string[]): Promise<void> {
    const asked = settings.sku?.capacity ?? 0;
    const count = limits ? Math.min(Math.max(asked, limits.minimum), limits.maximum) : asked;
    const added = Array.from(
      { length: Math.max(0, count - standing.length) },
      () => `${settings.vmScaleSetName}_${crypto.randomUUID().slice(0, 8)}`,
    );
    if (added.length > 0) {
      this.#faults.expectCapacity(String(settings.sku?.name));
      const image = settings.virtualMachineProfile?.storageProfile?.imageReference?.id;
      if (image && !this.#images.diskOf(image))
        throw new Error(`GalleryImageNotFound: ${image} has no version to start from`);
      await this.#pace.take("machineBoot");
    }
    await fleet.bringTo([...standing.slice(0, count), ...added], plan);
  }

  /** What a machine of the scale set is told at its boot, and how it signs in. */
  #planOf({ virtualMachineProfile, identity }: ScaleSet): MachinePlan {
    const image = virtualMachineProfile?.storageProfile?.imageReference?.id;
    // What is on the disk of an image is the app, and which version of it the disk says.
    const app = image && this.#images.diskOf(image)?.app;
    return {
      userData: Buffer.from(virtualMachineProfile?.userData ?? "", "base64").toString(),
      environment: {
        ...(app && { APP_VERSION: app }),
        ...this.#identities.environmentFor(identity?.userAssignedIdentities ?? []),
        NODE_EXTRA_CA_CERTS: this.#certificate.certificateFile,
      },
      authority: this.#certificate,
    };
  }
}

/** Every address of a machine of the scale set. */
export function addressesOf({ virtualMachineProfile }: ScaleSet): AddressConfiguration[] {
  const interfaces = virtualMachineProfile?.networkProfile?.networkInterfaceConfigurations ?? [];
  return interfaces.flatMap(({ ipConfigurations = [] }) => ipConfigurations);
}

function idsOf(fleet: Fleet): string[] {
  return fleet.targets().map(({ id }) => id);
}

function changesMachines(former: ScaleSet, settings: ScaleSet): boolean {
  const { virtualMachineProfile: was, identity: had } = former;
  const { virtualMachineProfile: is, identity: has } = settings;
  const image = ({ storageProfile }: MachineProfile = {}) => storageProfile?.imageReference;
  const same = isDeepStrictEqual([image(was), had], [image(is), has]);
  return was?.userData !== is?.userData || !same;
}

/** Whether machines that stand are replaced when the model changes ("Upgrade policy modes for Virtual Machine Scale Sets"). */
function isUpgraded({ upgradePolicy }: ScaleSet): boolean {
  return upgradePolicy?.mode === "Automatic" || upgradePolicy?.mode === "Rolling";
}
