import { expect } from "chai";
import { PROJECT_FOLDER } from "../../../operations/stack-files.ts";
import { previews } from "../../../operations/status/preview.ts";
import { useFakeEngine } from "../../support/fake-engine.ts";

const { signal } = new AbortController();

describe("what an up would do to the stacks that a failover changes", () => {
  const engine = useFakeEngine();

  it("can't be told where there is no such stack, or the engine fails, and each is told by itself", async () => {
    engine.does(
      'case "$*" in',
      "  version*) echo v3.259.0 ;;",
      '  *"select --stack traffic"*) echo "error: no stack named traffic" >&2; exit 255 ;;',
      '  preview*) echo "error: the state is locked" >&2; exit 255 ;;',
      "esac",
    );
    expect(await previews(PROJECT_FOLDER, signal)).to.deep.equal({
      dr: { unknown: "preview of stack dr failed. error: the state is locked" },
      traffic: { unknown: "error: no stack named traffic" },
    });
  });
});
