import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  type Description,
  type Expected,
  type Listed,
  type Opened,
  Overtaken,
  type Parts,
  type Source,
  type SourceRecord,
  type State,
  type Target,
} from "../../lambdas/objects/store.ts";
import { stateWith } from "./states.ts";

/** An object, or a blob. */
interface Kept {
  state: State;
  content: Buffer;
}

/** A side of the replication in memory, on which everything can be counted, and anything can go wrong. */
export class MemorySide implements Source, Target {
  readonly kept = new Map<string, Kept>();
  /** Every request, in turn. @example "write 3" */
  readonly requests: string[] = [];
  /** Parts that were written and not committed, by number, with what each was written with. */
  readonly ready = new Map<number, { content: Buffer; id: string }>();
  /** Is asked before every request, and may throw. */
  before: (request: string) => void | Promise<void> = () => {};
  /** What comes instead of the content when it is read. */
  damage: (content: Buffer) => Buffer = (content) => content;
  readonly #partBytes: number;
  #writes = 0;

  constructor(partBytes = 1000) {
    this.#partBytes = partBytes;
  }

  /** Puts something there as its users do. */
  keep(key: string, content: Buffer | string, more: Partial<State> = {}): State {
    const bytes = Buffer.from(content);
    const etag = `${createHash("md5").update(bytes).digest("hex")}-${++this.#writes}`;
    const state = stateWith({ etag, version: String(this.#writes), bytes: bytes.length, ...more });
    this.kept.set(key, { state, content: bytes });
    return state;
  }

  async look(key: string): Promise<State | undefined> {
    await this.#ask(`look ${key}`);
    return this.kept.get(key)?.state;
  }

  async open(key: string): Promise<Opened | undefined> {
    await this.#ask(`open ${key}`);
    const found = this.kept.get(key);
    return found && { state: found.state, body: Readable.from(pieces(this.damage(found.content))) };
  }

  async openAt(key: string, state: State, offset: number): Promise<Readable> {
    await this.#ask(`read ${key} from ${offset}`);
    const found = this.kept.get(key);
    if (found?.state.etag !== state.etag) throw new Overtaken(`${key} is another`);
    return Readable.from(pieces(this.damage(found.content).subarray(offset)));
  }

  async *list(prefix: string): AsyncGenerator<Listed> {
    for (const [key, { state }] of this.kept) if (key.startsWith(prefix)) yield { key, ...state };
  }

  async put(key: string, content: Buffer, description: Description, expected: Expected): Promise<void> {
    await this.#ask(`put ${key}`);
    this.#expect(key, expected);
    this.keep(key, Buffer.from(content), description);
  }

  async hide(key: string, record: SourceRecord | undefined, expected: Expected): Promise<void> {
    await this.#ask(`hide ${key}`);
    this.#expect(key, expected);
    this.keep(key, "", { record, gone: true });
  }

  partBytes(): number {
    return this.#partBytes;
  }

  async parts(key: string, _state: State, description: Description): Promise<Parts> {
    await this.#ask(`parts ${key}`);
    return {
      there: new Map([...this.ready].map(([number, { id }]) => [number, id])),
      write: async (number, content, id) => {
        await this.#ask(`write ${number}`);
        this.ready.set(number, { content: Buffer.from(content), id });
      },
      commit: async (ids, checksum, expected) => {
        await this.#ask(`commit ${key}`);
        this.#expect(key, expected);
        const parts = ids.map((id, number) => {
          const part = this.ready.get(number);
          if (part?.id !== id) throw new Overtaken(`part ${number} is not there`);
          return part.content;
        });
        this.ready.clear();
        this.keep(key, Buffer.concat(parts), { ...description, record: { ...description.record, checksum } });
      },
    };
  }

  #expect(key: string, expected: Expected): void {
    const found = this.kept.get(key)?.state.etag;
    if (found !== (expected === "nothing" ? undefined : expected.etag)) throw new Overtaken(`${key} is another`);
  }

  async #ask(request: string): Promise<void> {
    this.requests.push(request);
    await this.before(request);
  }
}

/** A content as it comes over a network: in pieces that end anywhere. */
function* pieces(content: Buffer): Generator<Buffer> {
  for (let from = 0; from < content.length; from += 700) yield content.subarray(from, from + 700);
}
