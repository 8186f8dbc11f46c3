import { mock } from "node:test";
import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import type { Operation } from "../../../operations/operation.ts";
import { type Journal, Journals } from "../../../operations/runbook/journal.ts";
import { operate } from "../../../operations/runbook/operate.ts";
import { takeLease } from "../../../operations/runbook/operation-lease.ts";
import { readOperator } from "../../../operations/runbook/operator.ts";
import type { RunbookStep } from "../../../operations/runbook/runbook.ts";
import { useBlobStore, Way } from "../../support/blob-store.ts";
import { captured } from "../../support/captured.ts";
import { rejection } from "../../support/rejection.ts";
import { until } from "../../support/until.ts";

const { signal } = new AbortController();
const OPERATOR = { operation: "declare", by: "ann@desk", startedAt: "2026-11-21T14:00:00.000Z" };

/** From one renewal of a lease to the next, in milliseconds. */
const RENEWAL = 15_000;

const journalOf = (more: Partial<Journal> = {}): Journal => ({
  ...{ version: 1, name: "declare", workload: "shop", by: "ann@desk", status: "done", steps: [] },
  startedAt: "2026-11-21T14:00:00.000Z",
  ...more,
});

describe("what operations keep on Azure", () => {
  const store = useBlobStore();
  let container: ContainerClient;

  beforeEach(async () => {
    container = await store.container();
  });

  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  async function put(name: string, text: string): Promise<void> {
    await container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text));
  }

  describe("journals", () => {
    let journals: Journals;

    beforeEach(() => {
      journals = new Journals(container);
    });

    it("are read as they were written, the last word of each", async () => {
      const steps = [{ id: "set", title: "Set", status: "done" as const, said: "done already" }];
      const full = journalOf({ disaster: "site", why: "RDS is down", steps, report: { dump: "20261121T021500Z" } });
      await journals.write(journalOf({ status: "running" }), signal);
      await journals.write(full, signal);
      expect(await journals.list(signal)).to.deep.equal([full]);
    });

    it("are listed with the newest first", async () => {
      for (const startedAt of ["2026-11-21T14:00:00.000Z", "2027-01-02T03:04:05.000Z", "2026-12-31T23:59:59.999Z"]) {
        await journals.write(journalOf({ startedAt }), signal);
      }
      const years = (await journals.list(signal)).map(({ startedAt }) => startedAt.slice(0, 10));
      expect(years).to.deep.equal(["2027-01-02", "2026-12-31", "2026-11-21"]);
    });

    it("of a later version, and those that are spoilt, hide no other", async () => {
      await journals.write(journalOf(), signal);
      await put("operations/20261122T000000.000Z-declare.json", JSON.stringify({ ...journalOf(), version: 2 }));
      await put("operations/20261123T000000.000Z-declare.json", '{"version":1,');
      expect(await journals.list(signal)).to.deep.equal([journalOf()]);
    });

    it("that tell more than is known are read all the same", async () => {
      await put("operations/20261121T140000.000Z-declare.json", JSON.stringify({ ...journalOf(), weather: "fine" }));
      expect(await journals.list(signal)).to.deep.equal([journalOf()]);
    });
  });

  describe("the right to operate", () => {
    it("is one person's; whoever comes second learns whose", async () => {
      await using _ = await takeLease(container, OPERATOR, signal);
      const other = { operation: "failback", by: "bob@desk", startedAt: "2026-11-21T14:01:00.000Z" };
      expect((await rejection(takeLease(container, other, signal))).message).to.equal(
        "expected to be the only one at work, found ann@desk at `declare` since 2026-11-21T14:00:00.000Z. Wait for it, " +
          "and run this again: it goes on where things stand. What was killed keeps others away for 60 s",
      );
      expect(readOperator(String(await container.getBlobClient("operation.json").downloadToBuffer()))).to.deep.equal(
        OPERATOR,
      );
    });

    it("is one person's, too, of all who come at once", async () => {
      const comers = ["ann", "bob", "cid"].map((by) => takeLease(container, { ...OPERATOR, by }, signal));
      const taken = (await Promise.allSettled(comers)).filter(({ status }) => status === "fulfilled");
      expect(taken).to.have.length(1);
    });

    it("is free again once it was given back", async () => {
      await (await takeLease(container, OPERATOR, signal))[Symbol.asyncDispose]();
      await using lease = await takeLease(container, { ...OPERATOR, by: "bob@desk" }, signal);
      expect(lease.signal.aborted).to.equal(false);
    });

    it("is somebody's also when they have not said whose", async () => {
      await put("operation.json", "");
      await container.getBlobClient("operation.json").getBlobLeaseClient().acquireLease(60);
      const { message } = await rejection(takeLease(container, OPERATOR, signal));
      expect(message).to.include("found somebody else, who has not said what they do. Wait for it");
    });

    it("is not had where the store does not answer", async () => {
      const way = new Way();
      way.isCut = true;
      const seen = store.at(container.containerName, way);
      expect((await rejection(takeLease(seen, OPERATOR, signal))).message).to.equal("getaddrinfo EAI_AGAIN");
    });

    it("is given back at once by whoever had it, and could not say who they are", async () => {
      const way = new Way();
      way.loses = ({ url, headers }) => headers.contains("x-ms-lease-id") && !url.includes("comp=lease");
      const seen = store.at(container.containerName, way);
      expect((await rejection(takeLease(seen, OPERATOR, signal))).message).to.equal("getaddrinfo EAI_AGAIN");
      await using lease = await takeLease(container, { ...OPERATOR, by: "bob@desk" }, signal);
      expect(lease.signal.aborted).to.equal(false);
    });

    /** A right that is held, with a clock for its renewals. */
    async function held() {
      const way = new Way();
      mock.timers.enable({ apis: ["setInterval"] });
      const lease = await takeLease(store.at(container.containerName, way), OPERATOR, signal);
      const renew = async () => {
        const { ended } = way;
        mock.timers.tick(RENEWAL);
        await until(() => way.ended > ended, "the lease was renewed");
      };
      return { lease, way, renew };
    }

    it("is kept by renewing it, and lost at once when somebody has taken it", async () => {
      const { lease, renew } = await held();
      await renew();
      expect(lease.signal.aborted, "while nobody has").to.equal(false);
      await container.getBlobClient("operation.json").getBlobLeaseClient().breakLease(0);
      await container.getBlobClient("operation.json").getBlobLeaseClient().acquireLease(60);
      await renew();
      await until(() => lease.signal.aborted, "the right was lost");
      expect((lease.signal.reason as Error).message).to.match(
        /^the right to operate can't be renewed \(.+\); run this/s,
      );
      await lease[Symbol.asyncDispose]();
      expect((await rejection(takeLease(container, OPERATOR, signal))).message, "the other's").to.include(
        "the only one",
      );
    });

    it("outlasts a network that fails once, and not one that fails for as long as the right is good", async () => {
      const { lease, way, renew } = await held();
      way.isCut = true;
      await renew();
      way.isCut = false;
      await renew();
      expect(lease.signal.aborted, "after one failure").to.equal(false);
      const { now } = performance;
      mock.method(performance, "now", () => now.call(performance) + 3 * RENEWAL);
      way.isCut = true;
      await renew();
      await until(() => lease.signal.aborted, "the right was lost");
      expect((lease.signal.reason as Error).message).to.include("(getaddrinfo EAI_AGAIN)");
      await lease[Symbol.asyncDispose]();
    });
  });

  describe("an operation", () => {
    const step = (id: string, act: RunbookStep<Operation>["act"]): RunbookStep<Operation> => {
      return { id, title: id, what: "", byHand: [], limit: 60, act };
    };
    const runbookOf = (...steps: RunbookStep<Operation>[]) => {
      return { name: "drill" as const, title: "Drill", summary: "", steps };
    };
    const operationBy = (by: string, why = "") => {
      return { by, why, workload: "shop", container, facts: {} } as unknown as Operation;
    };

    it("keeps its journal, with what it found, and gives the right back", async () => {
      const find = step("find", async ({ facts }) => {
        facts.dump = "20261121T021500Z";
        return "found";
      });
      const run = () => operate(runbookOf(find), operationBy("ann", "each quarter"), "site", signal);
      const { value: journal, stderr } = await captured(run);
      const about = { name: "drill", by: "ann", why: "each quarter", disaster: "site", status: "done" };
      expect(journal).to.include(about);
      expect(journal.report).to.deep.equal({ dump: "20261121T021500Z" });
      expect(await new Journals(container).list(signal)).to.deep.equal([journal]);
      expect(stderr).to.match(/✓ find \(\d+\.\d s\): found\n/);
      await captured(run);
    });

    it("is refused while another is under way, which it does not disturb", async () => {
      const second = step("second", async () => "never");
      const first = step("first", async () => {
        return (await rejection(operate(runbookOf(second), operationBy("bob"), undefined, signal))).message;
      });
      const { value: journal } = await captured(() => operate(runbookOf(first), operationBy("ann"), undefined, signal));
      expect(journal.steps[0]?.said).to.include("found ann at `drill` since ");
      expect(await new Journals(container).list(signal)).to.deep.equal([journal]);
    });

    it("that failed says so in its journal, and gives the right back", async () => {
      const fail = step("fail", async () => {
        throw new Error("no room");
      });
      const run = () => rejection(operate(runbookOf(fail), operationBy("ann"), undefined, signal));
      expect((await captured(run)).value.message).to.equal("fail (fail): no room");
      expect((await new Journals(container).list(signal)).map(({ status }) => status)).to.deep.equal(["failed"]);
      expect((await captured(run)).value.message, "once more").to.equal("fail (fail): no room");
    });

    it("ends when the right is lost", async () => {
      mock.timers.enable({ apis: ["setInterval"] });
      const wait = step("wait", async (_, { signal: ended }) => {
        await container.getBlobClient("operation.json").getBlobLeaseClient().breakLease(0);
        mock.timers.tick(RENEWAL);
        await until(() => ended.aborted, "the step was ended");
        throw ended.reason;
      });
      const run = () => rejection(operate(runbookOf(wait), operationBy("ann"), undefined, signal));
      expect((await captured(run)).value.message).to.match(/^the right to operate can't be renewed/);
    });
  });
});
