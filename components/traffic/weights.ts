/** The two sites that can answer for a name. */
export type Site = "primary" | "standby";

/** Share of the answers that each site gets, Route 53's 0 to 255. */
export type Weights = Record<Site, number>;

/** All answers go to one site. Never both at 0: Route 53 then answers with either, half and half. */
export function weightsFor(serving: Site): Weights {
  return serving === "primary" ? { primary: 100, standby: 0 } : { primary: 0, standby: 100 };
}
