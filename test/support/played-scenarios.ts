import { expect } from "chai";
import { Deployment } from "../../rehearsal/deployment.ts";
import { Clock } from "../../rehearsal/local/clock.ts";
import { Play } from "../../rehearsal/play.ts";
import { overridesFor, scenarioNamed } from "../../rehearsal/scenarios/index.ts";
import type { Scenario } from "../../rehearsal/scenarios/scenario.ts";
import { Session } from "../../rehearsal/session.ts";
import { Stage } from "../../rehearsal/stage.ts";
import { takeSteps } from "../../rehearsal/steps.ts";
import { Story } from "../../rehearsal/story.ts";

/** Times as fast as for users. */
const CLOCK = new Clock(30);

const STRATEGY = "pilot-light";

/** How long a scenario may take here, in milliseconds; on two busy cores it takes its time. */
const WHOLE_SCENARIO = 600_000;

/**
 * Describes scenarios as they are played, one after the other on the same two sites.
 *
 * @param names of the scenarios, in their order
 */
export function playScenarios(names: readonly string[]): void {
  const scenarios = names.map((name) => scenarioNamed(name, STRATEGY));
  describe(`the scenarios ${names.join(", ")}, one after the other on the same two sites`, () => {
    /** The scenario that left the sites half-way. */
    let brokenBy: string | undefined;
    let session: Session;
    let stage: Stage;
    let deployment: Deployment;
    let story: Story;

    before(async () => {
      session = await Session.open();
      stage = new Stage(session, { clock: CLOCK, serviceTimes: true });
      for (const step of stage.steps()) await step.run(() => {});
      const overrides = scenarios.map((scenario) => overridesFor(scenario, STRATEGY));
      deployment = new Deployment(stage, session.signal, {
        dr: Object.assign({}, ...overrides.map(({ dr }) => dr)),
        link: Object.assign({}, ...overrides.map(({ link }) => link)),
        traffic: Object.assign({}, ...overrides.map(({ traffic }) => traffic)),
      });
      story = new Story(deployment);
      stage.clouds.azure.pace.isSkipped = true;
      for (const step of story.deploying()) await step.run(() => {});
    }).timeout(WHOLE_SCENARIO);

    after(async () => {
      await stage?.[Symbol.asyncDispose]();
      await session?.removeFolder();
    });

    /** Plays it to its end, and brings the pace back to that of a set-up. */
    async function play(scenario: Scenario): Promise<Play> {
      await using played = new Play(deployment, CLOCK);
      await takeSteps(scenario.steps(played, story));
      stage.clouds.azure.pace.isSkipped = true;
      return played;
    }

    for (const scenario of scenarios) {
      it(`${scenario.name}: ${scenario.title}`, async () => {
        // It would wait for what never comes, each step as long as it may.
        expect(brokenBy, "the scenario that broke off and left the sites half-way").to.equal(undefined);
        brokenBy = scenario.name;
        const { assertions } = await play(scenario);
        brokenBy = undefined;
        expect(assertions).to.not.be.empty;
        expect(assertions.filter(({ ok }) => !ok)).to.deep.equal([]);
      }).timeout(WHOLE_SCENARIO);
    }
  });
}
