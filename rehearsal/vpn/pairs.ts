import type { TunnelEnd } from "./tunnel-end.ts";

/** A tunnel: two ends of which each names the other. */
export interface Pair {
  /** @example "tunnel-1" */
  name: string;
  aws: TunnelEnd;
  azure: TunnelEnd;
  /** Which instance of Azure's gateway it ends at, from 0. */
  instance: number;
}

/**
 * Finds the two ends of each tunnel by their public addresses, in the order of Azure's.
 *
 * @throws Error for an end whose other end is not there: such a tunnel would never come up
 */
export function pairsOf(awsEnds: readonly TunnelEnd[], azureEnds: readonly TunnelEnd[]): Pair[] {
  const left = new Set(awsEnds);
  const instances = [...new Set(azureEnds.map(({ outside }) => outside.own))];
  const pairs = azureEnds.map((azure, index) => {
    const { own, far } = azure.outside;
    const aws = awsEnds.find(({ outside }) => outside.own === far && outside.far === own);
    if (!aws) throw new Error(`${azure.name} is from ${own} to ${far}; expected an end of AWS's back, found none`);
    left.delete(aws);
    return { name: `tunnel-${index + 1}`, aws, azure, instance: instances.indexOf(own) };
  });
  const [alone] = left;
  if (!alone) return pairs;
  throw new Error(
    `${alone.name} is from ${alone.outside.own} to ${alone.outside.far}; expected an end of Azure's back, found none`,
  );
}
