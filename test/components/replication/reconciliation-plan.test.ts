import { expect } from "chai";
import fc from "fast-check";
import type { AslState } from "../../../components/replication/asl.ts";
import { reconciliationPlan } from "../../../components/replication/reconciliation-plan.ts";

const functionArn = "arn:aws:lambda:eu-west-1:111122223333:function:shop-objects-replicator";
const ARGS = { bucketName: "shop-content", functionArn, concurrency: 20 };

/** A map over what the bucket has, as far as the tests look at it. */
interface Comparison extends AslState {
  ItemReader: { Resource: string; ReaderConfig?: object; Parameters: object };
  ItemBatcher: Record<string, unknown>;
  ItemProcessor: { ProcessorConfig: object; StartAt: string; States: Record<string, AslState> };
  Next: string;
}

describe("the plan of a reconciliation", () => {
  const { StartAt, States } = reconciliationPlan(ARGS);
  const stateOf = <T extends AslState>(name: string) => States[name] as T;
  const comparisons = Object.keys(States).filter((name) => stateOf(name).Type === "Map");
  const readerOf = (name: string) => stateOf<Comparison>(name).ItemReader;

  it("compares an inventory, what begins with a prefix, or everything, as the input says", () => {
    expect(stateOf(StartAt)).to.deep.equal({
      Type: "Choice",
      Choices: [
        { Variable: "$.manifest", IsPresent: true, Next: "Compare an inventory" },
        { Variable: "$.prefix", IsPresent: true, Next: "Compare a prefix" },
      ],
      Default: "Compare everything",
    });
    expect(readerOf("Compare an inventory")).to.deep.equal({
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "MANIFEST" },
      Parameters: { "Bucket.$": "$.manifest.bucket", "Key.$": "$.manifest.key" },
    });
    const listing = "arn:aws:states:::s3:listObjectsV2";
    expect(readerOf("Compare a prefix")).to.deep.equal({
      Resource: listing,
      Parameters: { Bucket: "shop-content", "Prefix.$": "$.prefix" },
    });
    expect(readerOf("Compare everything")).to.deep.equal({
      Resource: listing,
      Parameters: { Bucket: "shop-content" },
    });
  });

  for (const name of comparisons) {
    describe(`"${name}"`, () => {
      const state = stateOf<Comparison>(name);

      it("hands the replicator batches of 500, far below what an input may be large", () => {
        expect(state.ItemBatcher).to.include({ MaxItemsPerBatch: 500, MaxInputBytesPerBatch: 131_072 });
        const { StartAt: first, States: steps, ProcessorConfig } = state.ItemProcessor;
        expect(ProcessorConfig).to.deep.equal({ Mode: "DISTRIBUTED", ExecutionType: "STANDARD" });
        expect(steps[first]).to.deep.include({
          Resource: "arn:aws:states:::lambda:invoke",
          Arguments: { FunctionName: functionArn, Payload: "{% $states.input %}" },
          End: true,
        });
      });

      it("leaves out no batch in silence", () => {
        expect(state).to.include({ ToleratedFailureCount: 0 });
        expect(state).to.not.have.any.keys("ToleratedFailurePercentage", "Catch");
      });

      it("keeps no results, however many batches there are", () => {
        const [step] = Object.values(state.ItemProcessor.States);
        expect(step?.Output).to.deep.equal([]);
        expect(state.ResultWriter).to.deep.equal({ WriterConfig: { Transformation: "FLATTEN", OutputType: "JSON" } });
      });

      it("begins with the first copy afterwards", () => {
        expect(state).to.deep.include({
          ResultSelector: { after: null, checked: 0, extra: 0 },
          Next: "Look for extra copies",
        });
      });
    });
  }

  it("goes through the copies run by run, until the replicator says that there are no more", () => {
    expect(stateOf("Look for extra copies").Next).to.equal("More copies to go through");
    expect(stateOf("More copies to go through")).to.deep.include({
      Choices: [{ Variable: "$.after", IsString: true, Next: "Look for extra copies" }],
      Default: "Done",
    });
    expect(stateOf("Done")).to.deep.equal({ Type: "Succeed" });
  });

  it("retries every invocation for about half an hour, and asks again no later than every five minutes", () => {
    const tasks = [...comparisons.flatMap((name) => Object.values(stateOf<Comparison>(name).ItemProcessor.States))];
    for (const task of [...tasks, stateOf("Look for extra copies")]) {
      const [rule] = task.Retry as { ErrorEquals: string[]; MaxAttempts: number; MaxDelaySeconds: number }[];
      expect(rule?.ErrorEquals).to.deep.equal(["States.ALL"]);
      const waits = Array.from({ length: rule?.MaxAttempts ?? 0 }, (_, n) =>
        Math.min(2 * 2 ** n, rule?.MaxDelaySeconds ?? 0),
      );
      expect(Math.max(...waits)).to.equal(300);
      expect(waits.reduce((sum, seconds) => sum + seconds)).to.be.within(25 * 60, 35 * 60);
    }
  });

  it("leads from every state to one that there is, and has names that the language takes", () => {
    const next = Object.values(States).flatMap(({ Next, Default, Choices = [] }) => [
      ...[Next, Default],
      ...(Choices as AslState[]).map((choice) => choice.Next),
    ]);
    expect(Object.keys(States)).to.include.members([StartAt, ...next.filter(Boolean)]);
    for (const name of Object.keys(States)) expect(name).to.match(/^[\w ]{1,80}$/);
  });

  it("compares as many batches at once as it is told, and changes nothing else for that", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1000 }), (concurrency) => {
        const plan = JSON.stringify(reconciliationPlan({ ...ARGS, concurrency }));
        const same = JSON.stringify(reconciliationPlan(ARGS));
        expect(plan).to.equal(same.replaceAll('"MaxConcurrency":20', `"MaxConcurrency":${concurrency}`));
      }),
    );
  });
});
