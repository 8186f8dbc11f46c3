import { expect } from "chai";
import { DISASTERS, type Disaster } from "../../../components/standby/disaster.ts";
import { standbyPlan } from "../../../components/standby/standby-plan.ts";
import {
  complaintOf,
  contentQuestion,
  questionsOf,
  servingSite,
  standsFor,
} from "../../../operations/smoke/questions.ts";
import { askAll } from "../../../operations/smoke/smoke.ts";
import { drOutputs, prodOutputs } from "../sites-outputs.ts";

const { signal } = new AbortController();

/** What is asked of the standby's markers, and what is expected. */
function markersAsked(disaster: Disaster) {
  const others = questionsOf("standby", drOutputs({ disaster })).filter(({ id }) => id !== "app");
  return others.map(({ id, url, expected }) => [id, url.replace("https://marker.example/", ""), expected]);
}

describe("the questions to a site", () => {
  it("are, to the primary, for its app by its own host", () => {
    expect(questionsOf("primary", prodOutputs())).to.deep.equal([
      {
        id: "app",
        title: "the app, by its health",
        url: "https://app.example.com/healthz",
        at: "shop-1.elb.amazonaws.com",
        expected: "well",
      },
    ]);
  });

  it("are, to the standby, for its app at its edge", () => {
    const [app] = questionsOf("standby", drOutputs());
    expect(app).to.include({ url: "https://app.example.com/healthz", at: "shop-app.azurefd.net" });
  });

  it("are for the standby's app only where that may have to serve", () => {
    const asksForApp = (disaster: Disaster) =>
      questionsOf("standby", drOutputs({ disaster })).some(({ id }) => id === "app");
    expect(DISASTERS.filter(asksForApp)).to.deep.equal(["none", "site"]);
    expect(DISASTERS.filter((disaster) => standsFor(drOutputs({ disaster }), "content"))).to.deep.equal([
      ...["none", "content", "site"],
    ]);
  });

  it("are for no marker while nothing is declared", () => {
    expect(markersAsked("none")).to.deep.equal([
      ["marker-database", "declared/database.json", "nothing"],
      ["marker-content", "declared/content.json", "nothing"],
      ["marker-site", "declared/site.json", "nothing"],
    ]);
  });

  it("are for the marker and for the word that all is ready, of each name that is declared", () => {
    expect(markersAsked("content")).to.deep.equal([
      ["marker-database", "declared/database.json", "nothing"],
      ["marker-content", "declared/content.json", { text: '"declared":true' }],
      ["ready-content", "ready/content.json", { text: '"ready":true' }],
      ["marker-site", "declared/site.json", "nothing"],
    ]);
    expect(markersAsked("site").filter(([, , expected]) => expected !== "nothing")).to.have.length(6);
  });

  it("are for an object by its name, whatever it is called", () => {
    const { url, at } = contentQuestion(drOutputs(), "a b/ö?#.txt");
    expect(url).to.equal("https://content.example.com/a%20b/%C3%B6%3F%23.txt");
    expect(at).to.equal("shop-content.azurefd.net");
  });
});

describe("an answer", () => {
  it("is good when it is what was expected", () => {
    expect(complaintOf({ status: 200, text: "" }, "well")).to.equal(undefined);
    expect(complaintOf({ status: 200, text: "x" }, "something")).to.equal(undefined);
    expect(complaintOf({ status: 404, text: "" }, "nothing")).to.equal(undefined);
    expect(complaintOf({ status: 200, text: '{"ready":true}' }, { text: '"ready":true' })).to.equal(undefined);
  });

  it("is not when it is anything else, and what it says is told", () => {
    expect(complaintOf({ status: 503, text: '{"problems":\n ["database"]}' }, "well")).to.equal(
      'expected status 200, found 503 ({"problems": ["database"]})',
    );
    expect(complaintOf({ status: 200, text: "" }, "something")).to.include("found an empty answer");
    expect(complaintOf({ status: 200, text: "" }, "nothing")).to.equal("expected status 404, found 200");
    expect(complaintOf({ status: 200, text: "<html>" }, { text: '"ready":true' })).to.equal(
      'expected "ready":true in it, found (<html>)',
    );
    expect(complaintOf({ status: 500, text: "x".repeat(900) }, "well")?.length).to.be.below(260);
  });

  it("of each question is told with its time, also where nobody answers", async () => {
    const questions = [...questionsOf("primary", prodOutputs()), contentQuestion(prodOutputs(), "a")];
    const asked = await askAll(questions, signal, async (url, { at } = {}) => {
      if (String(url).includes("content")) throw new Error(`${url} at ${at}: no connection`);
      return { status: 200, headers: {}, text: "well", milliseconds: 7 };
    });
    expect(
      asked.map(({ id, ok, status, milliseconds, problem }) => ({ id, ok, status, milliseconds, problem })),
    ).to.deep.equal([
      { id: "app", ok: true, status: 200, milliseconds: 7, problem: undefined },
      {
        id: "content",
        ok: false,
        status: undefined,
        milliseconds: undefined,
        problem: "https://content.example.com/a at d1.cloudfront.net: no connection",
      },
    ]);
  });
});

describe("the site that is asked without being named", () => {
  it("is the standby once the app is declared switched, or stands in for it in a drill", () => {
    const serving = (disaster: Disaster, drill = false) => servingSite(drOutputs({ disaster, drill }));
    expect([serving("none"), serving("content"), serving("database")]).to.deep.equal(["primary", "primary", "primary"]);
    expect([serving("site"), serving("none", true)]).to.deep.equal(["standby", "standby"]);
  });

  it("is the primary again once all is handed back", () => {
    const dr = drOutputs({ disaster: "site" });
    const course = { handBack: "move", growDatabase: false } as const;
    dr.values.plan = standbyPlan("pilot-light", "site", false, undefined, course);
    expect(servingSite(dr)).to.equal("primary");
  });
});
