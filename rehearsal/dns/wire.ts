import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { OptAnswer, Packet, PacketOpt, SoaData, Answer as WireRecord } from "dns-packet";
import { plainName } from "../aws/actuators/records.ts";

/** How a packet says what became of a question (RFC 1035, 4.1.1). */
export const CODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

/** The bits of a packet's flags that hold that code. */
export const CODE_BITS = 0xf;

/** A record set's records as they go over the wire. @throws Error for a type that nobody asks for here */
export function wireRecords({ Name, Type, TTL = 0, ResourceRecords = [] }: ResourceRecordSet): WireRecord[] {
  return ResourceRecords.map(({ Value = "" }) => {
    const record = { name: plainName(Name), ttl: TTL, class: "IN" } as const;
    if (Type === "A" || Type === "AAAA") return { ...record, type: Type, data: Value };
    if (Type === "CNAME" || Type === "NS") return { ...record, type: Type, data: plainName(Value) };
    if (Type === "TXT") return { ...record, type: Type, data: textsOf(Value) };
    if (Type === "SOA") return { ...record, type: Type, data: soaOf(Value) };
    throw new Error(`expected a record of type A, AAAA, CNAME, NS, TXT or SOA, found ${Type} at ${Name}`);
  });
}

/** Extended DNS Errors: the reason for a failure, for people to read (RFC 8914). */
const REASON = 15;

/** What goes with a failure to say why; dns-packet has options with any code, its types only those that it names. */
export function withReason(reason: string): OptAnswer {
  const data = Buffer.concat([Buffer.alloc(2), Buffer.from(reason)]);
  const options = [{ code: REASON, data } as unknown as PacketOpt];
  const none = { extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false };
  return { type: "OPT", name: ".", udpPayloadSize: 1232, ...none, options };
}

/** Why a reply is a failure; undefined where it does not say. */
export function reasonIn({ additionals = [] }: Packet): string | undefined {
  const options: { code: number; data?: unknown }[] = additionals.flatMap((each) =>
    each.type === "OPT" ? each.options : [],
  );
  const data = options.find(({ code }) => code === REASON)?.data;
  return Buffer.isBuffer(data) ? data.subarray(2).toString() : undefined;
}

/** The texts of a TXT record, which Route 53 has in quotes. @example '"one" "two"' */
function textsOf(value: string): string[] {
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text.replaceAll(/\\(.)/g, "$1"));
}

function soaOf(value: string): SoaData {
  const [mname = "", rname = "", ...numbers] = value.split(/\s+/);
  const [serial, refresh, retry, expire, minimum] = numbers.map(Number);
  return { mname: plainName(mname), rname: plainName(rname), serial, refresh, retry, expire, minimum };
}
