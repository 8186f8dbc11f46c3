import { markerPath, readyPath } from "../components/standby/declaration.ts";
import { SWITCHES } from "../components/standby/disaster.ts";
import { SEEN } from "./critical-path.ts";
import type { Deployment } from "./deployment.ts";
import type { Watched } from "./sightings.ts";

/** How long what is looked at may take to answer, in milliseconds. */
const PATIENCE = 2000;

/** What nobody tells of by itself: what is published, how the controller stands, whether the standby's app is well. */
export function watchedOf(deployment: Deployment): Watched[] {
  const { clouds } = deployment.stage;
  const output = (name: string) => deployment.output("dr", name);
  const patience = () => ({ signal: AbortSignal.timeout(PATIENCE) });
  // The website is met at its own address, which is no host that the clouds gave out.
  const published = (path: string, yes: string, no: string) => async () =>
    (await fetch(new URL(path, output("markerEndpoint")), patience())).status === 200 ? yes : no;
  const labels = { site: "app", content: "content", database: "database" } as const;
  const control = deployment.control();
  return [
    ...SWITCHES.map((name): Watched => {
      const marker = `the marker of the ${labels[name]}`;
      return { who: "azure", look: published(markerPath(name), `${marker} is published`, `${marker} is gone`) };
    }),
    { who: "controller", look: published(readyPath("site"), SEEN.ready, "the standby is not called ready any more") },
    {
      who: "azure",
      look: async () => {
        const url = `https://${output("appName")}${output("healthPath")}`;
        const { status } = await clouds.fetch(url, { at: output("appHost"), ...patience() });
        return status === 200 ? SEEN.well : "the standby's app is not well";
      },
    },
    { who: "controller", look: async () => (await control.state(AbortSignal.timeout(PATIENCE))).detail },
  ];
}
