import { expect } from "chai";
import { isUnknown, told } from "../../../operations/status/told.ts";
import { rejection } from "../../support/rejection.ts";

const { signal } = new AbortController();
const never = () => new Promise<never>(() => {});

describe("what somebody else tells", () => {
  it("is handed on as it is", async () => {
    expect(await told(async () => 7, 60_000, signal)).to.equal(7);
    expect(await told(async () => null, 60_000, signal)).to.equal(null);
    expect([7, null, undefined, "unknown", { known: 1 }].some(isUnknown)).to.equal(false);
  });

  it("is unknown where they fail, with the first line of what they say", async () => {
    const failing = (error: Error) => told(() => Promise.reject(error), 60_000, signal);
    expect(await failing(new Error("denied\n  at once"))).to.deep.equal({ unknown: "denied" });
    expect(await failing(Object.assign(new Error(""), { code: "ECONNREFUSED" }))).to.deep.equal({
      unknown: "ECONNREFUSED",
    });
    expect(await failing(new AggregateError([]))).to.deep.equal({ unknown: "AggregateError" });
  });

  it("is unknown where the engine's command fails, with what that complains of", async () => {
    const complaint = "code: 255\n stdout: \n stderr: error: no stack named 'dr' found\n\n err?: ";
    const failing = (message: string) => told(() => Promise.reject(new Error(message)), 60_000, signal);
    expect(await failing(complaint)).to.deep.equal({ unknown: "error: no stack named 'dr' found" });
    expect(await failing("Command failed: pulumi stack export\nerror: locked out\n")).to.deep.equal({
      unknown: "error: locked out",
    });
  });

  it("is unknown where a command is not there at all, which is said plainly", async () => {
    const failing = (error: Error) => told(() => Promise.reject(error), 60_000, signal);
    const absent = { unknown: "expected the command pulumi on the PATH, found none" };
    const engines =
      "code: -2\n stdout: \n stderr: Command failed with ENOENT: pulumi version\nspawn pulumi ENOENT\n err?: Error: …\n";
    expect(await failing(new Error(engines))).to.deep.equal(absent);
    const nodes = Object.assign(new Error("spawn pulumi ENOENT"), { code: "ENOENT" });
    expect(await failing(nodes)).to.deep.equal(absent);
    const files = Object.assign(new Error("ENOENT: no such file or directory, open 'a'"), { code: "ENOENT" });
    expect(await failing(files)).to.deep.equal({ unknown: files.message });
  });

  it("is unknown where they are silent for too long, whether they heed the signal or not", async () => {
    expect(await told(never, 20, signal)).to.deep.equal({ unknown: "no answer within 0.02 s" });
    const heeding = (each: AbortSignal) =>
      new Promise<never>((_, reject) => each.addEventListener("abort", () => reject(new Error("given up"))));
    expect(await told(heeding, 20, signal)).to.deep.equal({ unknown: "no answer within 0.02 s" });
  });

  it("is waited for no longer than the command runs", async () => {
    const interruption = new AbortController();
    const waiting = rejection(told(never, 60_000, interruption.signal));
    interruption.abort(new Error("interrupted"));
    expect((await waiting).message).to.equal("interrupted");
    expect((await rejection(told(never, 60_000, interruption.signal))).message).to.equal("interrupted");
  });
});
