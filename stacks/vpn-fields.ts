import { z } from "zod";
import { isUsableAsn, PRIVATE_ASNS, RESERVED_ASNS } from "../components/vpn/asns.ts";
import { AWS_GATEWAYS } from "../components/vpn/aws-gateway-kind.ts";
import { CRYPTO_PROFILE_NAMES } from "../components/vpn/crypto-profile.ts";
import { KEY_ALPHABET, PRE_SHARED_KEY } from "../components/vpn/key-alphabet.ts";
import { TUNNEL_NAMES } from "../components/vpn/tunnel-plan.ts";
import { VPN_MODES } from "../components/vpn/vpn-plan.ts";
import { choice, type Field } from "./field.ts";

/** The keys of the VPN between the sites. */
export const VPN_FIELDS = {
  vpn: choice(VPN_MODES, "when there is a VPN between the sites"),
  awsGateway: choice(AWS_GATEWAYS, "which gateway of AWS's the VPN ends at"),
  primaryAsn: asn("AWS's", 64_512),
  standbyAsn: asn("Azure's", 65_000),
  vpnCrypto: choice(CRYPTO_PROFILE_NAMES, "how both ends of the VPN encrypt"),
  vpnKeyGenerations: {
    schema: z
      .string()
      .regex(/^[1-9]\d{0,5}( [1-9]\d{0,5}){3}$/)
      .transform((value) => value.split(" ").map(Number)),
    expected: `the number of the key of each of the ${TUNNEL_NAMES.length} tunnels, with a space between them; another number makes another key`,
    example: "1 1 1 1",
  } satisfies Field<number[]>,
  vpnKeys: {
    schema: z
      .string()
      .transform((value) => (value === "" ? [] : value.split(" ")))
      .refine((keys) => keys.length === 0 || keys.length === TUNNEL_NAMES.length)
      .refine((keys) => keys.every((key) => PRE_SHARED_KEY.test(key)) && new Set(keys).size === keys.length),
    expected: `nothing (then they are generated), or a key for each of the ${TUNNEL_NAMES.length} tunnels, with a space between them: ${KEY_ALPHABET}, no two alike`,
    example: "",
    secret: true,
  } satisfies Field<string[]>,
} satisfies Record<string, Field<unknown>>;

function asn(whose: string, example: number): Field<number> {
  const { from, to } = PRIVATE_ASNS;
  const schema = z
    .string()
    .regex(/^\d{5}$/)
    .transform(Number)
    .refine(isUsableAsn);
  const expected = `the BGP number (ASN) of ${whose} gateway, from ${from} to ${to} and none of ${RESERVED_ASNS.join(", ")}, which Azure keeps`;
  return { schema, expected, example: String(example) };
}
