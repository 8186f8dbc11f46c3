import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { DISASTERS, type Disaster } from "../../components/standby/disaster.ts";
import { type Capacity, STRATEGIES, type Strategy, standbyPlan } from "../../components/standby/standby-plan.ts";
import { openStack } from "../../operations/stacks.ts";
import { plannedChanges } from "../support/planned-changes.ts";
import { useStage } from "../support/stage.ts";

/** What the engine did to a resource. */
interface Done {
  operation: string;
  name: string;
  type: string;
}

/** Few and small: what is tested is who comes and goes. */
const CAPACITY: Capacity = { servers: { min: 2, max: 3 }, warmServers: 1 };

/** A workload for each strategy, all in one stack file, so that one `up` declares for all of them. */
const WORKLOADS: Record<Strategy, string> = {
  "backup-restore": "cold",
  "pilot-light": "pilot",
  "warm-standby": "warm",
  "active-active": "active",
};

const DATA =
  /^azure-native:(dbformysql:(Server|Database)|keyvault:|storage:(StorageAccount|BlobContainer)$|resources:)/;

/**
 * A server that was made in a disaster is kept when that is taken back: Pulumi only lets go of it. That of a drill goes,
 * for nobody's data are in it.
 */
const LET_GO = /^cold-(drill-)?database-/;

describe("declaring a disaster, by the real engine", () => {
  const test = useStage();
  let stack: Stack;

  async function upWith(disaster: Disaster, drill: boolean): Promise<Done[]> {
    await stack.setConfig("multicloud-dr:declareDisaster", { value: disaster });
    await stack.setConfig("multicloud-dr:drill", { value: String(drill) });
    const done: Done[] = [];
    const onEvent = ({ resOutputsEvent }: EngineEvent) => {
      if (!resOutputsEvent) return;
      const { op: operation, urn, type } = resOutputsEvent.metadata;
      if (operation === "same" || type.startsWith("pulumi:") || type.startsWith("multicloud-dr:")) return;
      done.push({ operation, type, name: urn.split("::").slice(3).join("::") });
    };
    await stack.up({ onEvent, suppressProgress: true, color: "never" });
    return done;
  }

  /** What was done to a workload's resources, in the words of the plan. */
  function changesOf(workload: string, done: Done[]) {
    const own = done.filter(({ name }) => name.startsWith(`${workload}-`));
    const having = (...operations: string[]) =>
      [...new Set(own.filter(({ operation }) => operations.includes(operation)).map(({ name }) => name))].sort();
    return {
      create: having("create"),
      delete: having("delete"),
      change: having("update", "replace", "create-replacement", "delete-replaced"),
    };
  }

  before(async () => {
    const listed = STRATEGIES.map(
      (strategy, index) =>
        `    ${WORKLOADS[strategy]}: { strategy: ${strategy}, standbyCidr: 10.${32 + index}.0.0/16, ` +
        `appName: app-${index}.shop.example.com, contentName: content-${index}.shop.example.com }\n`,
    );
    const { servers, warmServers } = CAPACITY;
    await test.edit("dr", (text) =>
      text
        .replace(/ +multicloud-dr:workload: .*\n/, `  multicloud-dr:workloads:\n${listed.join("")}`)
        .replace(/ +multicloud-dr:strategy: .*\n/, "")
        .replace(
          "config:\n",
          `config:\n  multicloud-dr:serversMin: "${servers.min}"\n  multicloud-dr:serversMax: "${servers.max}"\n` +
            `  multicloud-dr:warmServers: "${warmServers}"\n`,
        ),
    );
    stack = await openStack(test.stage.project, "dr");
    await upWith("none", false);
  });

  const declarations = DISASTERS.filter((disaster) => disaster !== "none").map(
    (disaster): [string, Disaster, boolean] => [`the loss of the ${disaster}`, disaster, false],
  );
  for (const [what, disaster, drill] of [...declarations, ["a drill", "none", true] as [string, Disaster, boolean]]) {
    describe(`of ${what}`, () => {
      let declared: Done[];
      let undeclared: Done[];
      before(async () => {
        declared = await upWith(disaster, drill);
        undeclared = await upWith("none", false);
      });

      for (const strategy of STRATEGIES) {
        const plan = (now: Disaster, drilling: boolean) => standbyPlan(strategy, now, drilling, CAPACITY);
        it(`changes with ${strategy} exactly what the plan says`, () => {
          const planned = plannedChanges(WORKLOADS[strategy], plan("none", false), plan(disaster, drill));
          expect(changesOf(WORKLOADS[strategy], declared)).to.deep.equal(planned);
        });

        it(`is taken back with ${strategy} to exactly the former state`, () => {
          const planned = plannedChanges(WORKLOADS[strategy], plan(disaster, drill), plan("none", false));
          expect(changesOf(WORKLOADS[strategy], undeclared)).to.deep.equal(planned);
        });
      }

      it("replaces and deletes nothing that holds data", () => {
        const harmed = [...declared, ...undeclared].filter(
          ({ operation, type, name }) => /replace|delete/.test(operation) && DATA.test(type) && !LET_GO.test(name),
        );
        expect(harmed).to.deep.equal([]);
      });
    });
  }

  describe("on the way from one declaration to another", () => {
    const JOURNEY: [Disaster, boolean][] = [
      ["database", false],
      ["site", false],
      ["none", true],
      ["none", false],
    ];
    for (const [index, [disaster, drill]] of JOURNEY.entries()) {
      it(`changes exactly what the plans say: ${drill ? "a drill" : disaster}`, async () => {
        const done = await upWith(disaster, drill);
        const [former, drilled] = JOURNEY[index - 1] ?? (["none", false] as const);
        for (const strategy of STRATEGIES) {
          const plan = (now: Disaster, drilling: boolean) => standbyPlan(strategy, now, drilling, CAPACITY);
          const planned = plannedChanges(WORKLOADS[strategy], plan(former, drilled), plan(disaster, drill));
          expect(changesOf(WORKLOADS[strategy], done), strategy).to.deep.equal(planned);
        }
      });
    }

    it("keeps the server with what was written in the disaster, also when a drill follows at once", () => {
      const { databases } = test.stage.clouds.azure.running();
      // Running: one of each declaration of the cold strategy, and those of the warm and the active one. The drill's is gone.
      expect(databases).to.be.at.least(4);
    });
  });

  it("has nothing left to do when nothing is declared any more", async () => {
    expect(await upWith("none", false)).to.deep.equal([]);
  });
});
