import type { HealthCheckConfig, HealthCheckType, ResourceRecordSet } from "@aws-sdk/client-route-53";
import { expect } from "chai";
import fc from "fast-check";
import { SWITCHES, type Switch } from "../../../components/standby/disaster.ts";
import type { FailoverMode } from "../../../components/traffic/check-plan.ts";
import { FailoverName } from "../../../components/traffic/failover-name.ts";
import type { Site } from "../../../components/traffic/weights.ts";
import { after as afterLook, healthOf, NEW, type Opinion } from "../../../rehearsal/dns/health.ts";
import { choose } from "../../../rehearsal/dns/route53.ts";
import { TAGS } from "../../support/house-rules.ts";
import { outputsOf } from "../../support/mock-outputs.ts";
import { deploy, type Registered } from "../../support/mocks.ts";
import { Random } from "../../support/random.ts";

/** What the waits put before the id of a check that they waited for. */
const SETTLED = "settled ";

interface Variant {
  moves: Switch;
  mode: FailoverMode;
  markers: 1 | 3;
}

const VARIANTS: Variant[] = [
  ...SWITCHES.flatMap((moves) => [1, 3].map((markers) => ({ moves, mode: "manual", markers }) as Variant)),
  { moves: "site", mode: "automatic", markers: 1 },
];

/** All that one name registers for a first time. */
async function registeredBy({ moves, mode, markers }: Variant): Promise<Registered[]> {
  const websites = ["https://a.example.net/", "https://b.example.net/", "https://c.example.net/"].slice(0, markers);
  const { resources } = await deploy(
    () =>
      new FailoverName("shop", {
        zoneId: "Z0123456789ABCDEFGHIJ",
        recordName: "app.shop.example.com",
        moves,
        hosts: { primary: "primary.example.net", standby: "standby.example.net" },
        markers: websites,
        mode,
        weights: { primary: 100, standby: 0 },
        ttlSeconds: 60,
        settle: async (id) => SETTLED + id,
        tags: TAGS,
      }),
  );
  return resources.customs as Registered[];
}

/** What is so outside: nothing is declared, and this answers. */
interface World {
  primaryApp: boolean;
  standbyApp: boolean;
  edge: boolean;
}

/** Route 53 while an engine brings a name about: whatever comes next, it answers at every moment. */
class Replay {
  /** Sites that were answered with. */
  readonly answered = new Set<Site>();
  /** Whether a check may be counted only once it has been looked through. */
  readonly #waits: boolean;
  readonly #world: World;
  readonly #left: Registered[];
  readonly #checks = new Map<string, { name: string; config: HealthCheckConfig; opinion: Opinion; looks: number }>();
  #records: ResourceRecordSet[] = [];

  constructor(registered: Registered[], world: World, { waits, standing }: { waits: boolean; standing: boolean }) {
    this.#left = [...registered];
    this.#world = world;
    this.#waits = waits;
    if (standing)
      this.#records = registered.filter(isRecord).map(({ inputs }) => ({ ...setOf(inputs), HealthCheckId: undefined }));
  }

  get done(): boolean {
    return this.#left.length === 0;
  }

  /** One thing happens: something is brought about that may be, or a checker looks. */
  step(random: Random): void {
    const possible = [
      ...this.#left.filter((each) => this.#isDue(each)).map((each) => () => this.#make(each)),
      ...[...this.#checks.values()]
        .filter(({ config }) => config.Type !== "CALCULATED")
        .map((check) => () => this.#look(check)),
    ];
    random.pick(possible)();
    this.#answer();
  }

  /** Whether all stands that it depends on. */
  #isDue({ dependencies, inputs }: Registered): boolean {
    if (this.#left.some(({ name }) => dependencies.includes(name))) return false;
    return this.#childrenOf(inputs).every((id) => !this.#waits || (this.#checks.get(id)?.looks ?? 0) >= 3);
  }

  #childrenOf({ childHealthchecks }: Registered["inputs"]): string[] {
    return ((childHealthchecks as string[]) ?? []).map((id) => id.replace(SETTLED, ""));
  }

  #make(registered: Registered): void {
    this.#left.splice(this.#left.indexOf(registered), 1);
    const { type, name, inputs } = registered;
    if (isRecord(registered)) {
      const next = setOf(inputs);
      this.#records = [...this.#records.filter(({ SetIdentifier }) => SetIdentifier !== next.SetIdentifier), next];
      return;
    }
    const config: HealthCheckConfig = {
      Type: inputs.type as HealthCheckType,
      Inverted: inputs.invertHealthcheck as boolean,
      FailureThreshold: inputs.failureThreshold as number,
      ChildHealthChecks: this.#childrenOf(inputs),
      HealthThreshold: inputs.childHealthThreshold as number,
    };
    this.#checks.set(outputsOf(type, name, inputs).id, { name, config, opinion: NEW, looks: 0 });
  }

  #look(check: { name: string; config: HealthCheckConfig; opinion: Opinion; looks: number }): void {
    const { primaryApp, standbyApp, edge } = this.#world;
    const found = { "shop-primary-app": primaryApp, "shop-standby-app": standbyApp, "shop-edge": edge }[check.name];
    check.opinion = afterLook(check.opinion, found ?? false, check.config);
    check.looks += 1;
  }

  #answer(): void {
    if (this.#records.length === 0) return;
    const checks = [...this.#checks].map(([id, { config }]) => ({ id, config }));
    const health = healthOf(checks, (id) => [this.#checks.get(id)?.opinion ?? NEW]);
    for (const draw of [0, 0.5, 0.999]) {
      this.answered.add(choose(this.#records, health, () => draw).SetIdentifier as Site);
    }
  }
}

function isRecord({ type }: Registered): boolean {
  return type === "aws:route53/record:Record";
}

function setOf({ setIdentifier, weightedRoutingPolicies, healthCheckId }: Registered["inputs"]): ResourceRecordSet {
  return {
    Name: "app.shop.example.com",
    Type: "CNAME",
    SetIdentifier: String(setIdentifier),
    Weight: (weightedRoutingPolicies as { weight: number }[])[0]?.weight,
    HealthCheckId: String(healthCheckId),
  };
}

/** Brings all of it about in some order, and lets checkers look meanwhile and after. @returns whoever was answered with */
function replayed(registered: Registered[], world: World, how: { waits: boolean; standing: boolean }, seed: number) {
  const replay = new Replay(registered, world, how);
  const random = new Random(seed);
  while (!replay.done) replay.step(random);
  for (let looks = 0; looks < 50; looks += 1) replay.step(random);
  return [...replay.answered];
}

const worlds = fc.record({ primaryApp: fc.constant(true), standbyApp: fc.boolean(), edge: fc.boolean() });

describe("the first `up` of a name", () => {
  for (const variant of VARIANTS) {
    const { moves, mode, markers } = variant;
    describe(`that moves with ${moves}, ${mode}, by ${markers === 1 ? "one marker" : "two of three markers"}`, () => {
      let registered: Registered[];
      before(async () => {
        registered = await registeredBy(variant);
      });

      it("has the primary answered at every moment, in whatever order the engine and the checkers go", () => {
        fc.assert(
          fc.property(fc.nat(), worlds, fc.boolean(), (seed, world, standing) => {
            expect(replayed(registered, world, { waits: true, standing }, seed)).to.deep.equal(["primary"]);
          }),
        );
      });

      it("would move users, if a record had its check at once: so the test above tells something", () => {
        const world = { primaryApp: true, standbyApp: true, edge: true };
        const how = { waits: false, standing: false };
        const moved = Array.from({ length: 300 }, (_, seed) => replayed(registered, world, how, seed)).flat();
        expect(moved).to.include("standby");
      });
    });
  }
});
