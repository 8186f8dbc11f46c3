/**
 * How a name is called inside its zone; Azure DNS takes record sets by that ("Overview of DNS zones and records").
 *
 * @param name @example "app.shop.example.com"
 * @param zone @example "shop.example.com"
 * @returns @example "app"
 * @throws Error when the name is not inside the zone, or is the zone itself, whose apex takes no CNAME
 */
export function nameInZone(name: string, zone: string): string {
  const inside = `.${zone}`;
  if (name.endsWith(inside) && name.length > inside.length) return name.slice(0, -inside.length);
  throw new Error(`expected a name inside the zone ${zone}, found ${name}: take one that ends with ${inside}`);
}

/** Where Front Door looks for the proof that a name is ours ("Domains in Azure Front Door", domain validation). */
export function proofOf(name: string): string {
  return `_dnsauth.${name}`;
}
