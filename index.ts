import { loadSettings } from "./stacks/settings.ts";

/**
 * The program of all four stacks; config `role` picks the one.
 *
 * A stack's room is loaded only when it runs, so `dr` never loads anything of AWS.
 */
export default async function program(): Promise<object> {
  const settings = loadSettings();
  switch (settings.role) {
    case "prod":
      return (await import("./stacks/prod.ts")).prod(settings);
    case "dr":
      return (await import("./stacks/dr.ts")).dr(settings);
    case "link":
      return (await import("./stacks/link.ts")).link(settings);
    case "traffic":
      return (await import("./stacks/traffic.ts")).traffic(settings);
  }
}
