/** An IPv4 range: the first address as an unsigned 32-bit number, and the prefix length, 0 to 32. */
export interface Cidr {
  address: number;
  prefix: number;
}

/**
 * The range that a text such as `10.16.0.0/16` names.
 *
 * @throws RangeError when it names none
 */
export function cidr(text: string): Cidr {
  const range = parseCidr(text);
  if (!range) throw new RangeError(`expected an IPv4 range such as 10.16.0.0/16, found ${JSON.stringify(text)}`);
  return range;
}

/**
 * Reads a range such as `10.16.0.0/16`.
 *
 * @returns undefined when the text is no range, or when its address has bits below the prefix:
 * both clouds refuse `10.16.0.1/16`.
 */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return undefined;
  const address = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  return address % size(prefix) === 0 ? { address, prefix } : undefined;
}

/** Renders a range as both clouds write it, `10.16.0.0/16`. */
export function renderCidr({ address, prefix }: Cidr): string {
  return `${renderAddress(address)}/${prefix}`;
}

/** Renders an address, an unsigned 32-bit number, such as `10.16.0.4`. */
export function renderAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** Whether two ranges share an address. */
export function overlap(one: Cidr, other: Cidr): boolean {
  return one.address < end(other) && other.address < end(one);
}

/** Whether every address of `inner` lies in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.address <= inner.address && end(inner) <= end(outer);
}

/**
 * Cuts a range into 2^bits equal parts and gives the part at `index`, counted from 0.
 *
 * @throws RangeError when the cut is finer than single addresses, or there is no such part.
 */
export function part(range: Cidr, bits: number, index: number): Cidr {
  const prefix = range.prefix + bits;
  if (prefix > 32 || index < 0 || index >= 2 ** bits) {
    throw new RangeError(`part ${index} of ${2 ** bits} of ${renderCidr(range)} does not exist`);
  }
  return { address: range.address + index * size(prefix), prefix };
}

function size(prefix: number): number {
  return 2 ** (32 - prefix);
}

function end({ address, prefix }: Cidr): number {
  return address + size(prefix);
}
