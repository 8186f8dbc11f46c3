import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import {
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  decode,
  encode,
  type Packet,
  type Answer as WireRecord,
} from "dns-packet";
import type { Address, Names } from "../local/names.ts";
import type { Answer, Query } from "./route53.ts";
import { CODES, wireRecords, withReason } from "./wire.ts";

/** Length of a packet's header (RFC 1035, 4.1.1): what is shorter has no id to answer to. */
const HEADER = 12;

/** For how long the address of a local host may be kept, in seconds: as load balancers and edges give it. */
const ADDRESS_TTL = 60;

export interface DnsServerOptions {
  /** Answers from the zones; undefined for a name of none of them. */
  answer(query: Query): Answer | undefined;
  /** Hosts that answer at the loopback. */
  names: Names;
}

/** What a reply has beside the question. */
interface Sections extends Pick<Packet, "answers" | "authorities" | "additionals"> {
  code: keyof typeof CODES;
}

/**
 * A name server over UDP, on a free port of the loopback. Times to live are those of Route 53, whatever the speed of
 * the clocks: the wire knows whole seconds only, so who keeps an answer scales them (resolver.ts).
 */
export class DnsServer implements AsyncDisposable {
  readonly #options: DnsServerOptions;
  readonly #socket: Socket;

  private constructor(options: DnsServerOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    socket.on("message", (packet, from) => this.#take(packet, from));
    // What cannot be sent back is lost, as packets are.
    socket.on("error", () => {});
  }

  static async start(options: DnsServerOptions): Promise<DnsServer> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new DnsServer(options, socket);
  }

  get address(): Address {
    const { address, port } = this.#socket.address();
    return { host: address, port };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, "close");
    this.#socket.close();
    await closed;
  }

  #take(packet: Buffer, { address, port }: RemoteInfo): void {
    const reply = this.#replyTo(packet);
    if (reply) this.#socket.send(encode(reply), port, address);
  }

  /** @returns undefined for what is no question at all: answers to answers would go on for ever */
  #replyTo(packet: Buffer): Packet | undefined {
    let asked: DecodedPacket;
    try {
      asked = decode(packet);
    } catch {
      const isQuestion = packet.length >= HEADER && packet.readUInt8(2) < 0x80;
      return isQuestion ? { type: "response", id: packet.readUInt16BE(0), flags: CODES.FORMERR } : undefined;
    }
    if (asked.type !== "query") return undefined;
    const { id, questions = [] } = asked;
    const { code, ...sections } = this.#sectionsFor(asked);
    return { type: "response", id, questions, flags: AUTHORITATIVE_ANSWER | CODES[code], ...sections };
  }

  #sectionsFor(asked: DecodedPacket): Sections {
    const [question, second] = asked.questions ?? [];
    if (!question || second) return { code: "FORMERR" };
    // Bits 11 to 14 of the flags: a query is operation 0.
    if (((asked.flags ?? 0) & 0x7800) !== 0) return { code: "NOTIMP" };
    try {
      const answer = this.#options.answer(question);
      // As Route 53's name servers do for what they are not asked to serve.
      if (!answer) return { code: "REFUSED" };
      const answers = answer.sets.flatMap(wireRecords);
      return {
        code: answer.code,
        answers: [...answers, ...this.#addressOf(answers, question.type)],
        authorities: answer.authority ? wireRecords(answer.authority) : [],
      };
    } catch (error) {
      return { code: "SERVFAIL", additionals: [withReason((error as Error).message)] };
    }
  }

  /** The address behind the last CNAME, which a resolver would have to ask somebody else for. */
  #addressOf(answers: readonly WireRecord[], type: string): WireRecord[] {
    const last = answers.at(-1);
    if (type !== "A" || last?.type !== "CNAME" || !this.#options.names.hosts().includes(last.data)) return [];
    return [{ type: "A", name: last.data, ttl: ADDRESS_TTL, class: "IN", data: "127.0.0.1" }];
  }
}
