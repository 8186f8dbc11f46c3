import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Letters of a generated key: 228 bits, as many as can matter with AES-256 and a group of 192. */
const LENGTH = 40;

/**
 * Registers a random key for one end of a tunnel and the other. Of letters alone, so it begins with no digit.
 *
 * @param generation another number is another key
 */
export function newPreSharedKey(name: string, generation: number, parent: pulumi.Resource): pulumi.Output<string> {
  const shape = { length: LENGTH, special: false, numeric: false, minLower: 1, minUpper: 1 };
  const keepers = { generation: String(generation) };
  return new random.RandomPassword(`${name}-key`, { ...shape, keepers }, { parent }).result;
}
