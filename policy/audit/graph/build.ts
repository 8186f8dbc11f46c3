import type { Estate } from "../copies/estate.ts";
import { connectAccounts } from "./aws-edges.ts";
import { connectSubscriptions } from "./azure-edges.ts";
import { addIdentities, addRoles } from "./machines.ts";
import { Graph } from "./model.ts";
import { connectPeople, connectStates } from "./people-edges.ts";
import { addAccountPowers, addPrincipals } from "./principals.ts";

/** Everybody, every machine and every power, and who can become whom. */
export function buildGraph(estate: Estate): Graph {
  const graph = new Graph();
  addPrincipals(graph, estate);
  addAccountPowers(graph, estate);
  const roles = addRoles(graph, estate);
  const identities = addIdentities(graph, estate);
  connectPeople(graph, estate);
  connectSubscriptions(graph, estate, identities, roles);
  connectAccounts(graph, estate, roles);
  connectStates(graph, estate);
  return graph;
}
