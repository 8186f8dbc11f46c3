import { azure } from "../copies/azure-ways.ts";
import type { Estate } from "../copies/estate.ts";
import type { Probe } from "../copies/model.ts";
import type { StateEntry } from "../people/schema.ts";
import { can } from "./abilities.ts";
import type { Graph } from "./model.ts";

const STORAGE = "Microsoft.Storage/storageAccounts";

/** What the people file says of who can be whom: credentials, pipelines, sign-ins and states. */
export function connectPeople(graph: Graph, estate: Estate): void {
  const { principals, identityProviders } = estate.people;
  for (const [name, { canBecome, changedBy, administeredBy, signsInBy }] of Object.entries(principals)) {
    for (const other of canBecome) graph.connect(name, other, "can act as");
    for (const other of administeredBy) graph.connect(other, name, "administers");
    for (const other of changedBy.people) graph.connect(other, name, "changes what is run by", changedBy.approvals);
    for (const provider of signsInBy) {
      for (const other of identityProviders[provider]?.administrators ?? []) {
        graph.connect(other, name, `administers ${provider} and takes over the sign-in of`);
      }
    }
  }
}

/**
 * Who writes a state has the next `pulumi up` delete what the state says, by the rights of whoever runs it. Call it
 * when everybody else is there.
 */
export function connectStates(graph: Graph, estate: Estate): void {
  const { states, principals } = estate.people;
  for (const [name, state] of Object.entries(states)) {
    const id = `state ${name}`;
    const writes = writesState(state);
    for (const node of graph.nodes.values()) {
      if (writes.some((steps) => steps.every((step) => can(node, step)))) graph.connect(node.id, id, "writes");
    }
    graph.add({ id, kind: "power", aws: [], azure: [] });
    for (const writer of state.writers) graph.connect(writer, id, "writes");
    for (const [other, { deploys, changedBy }] of Object.entries(principals)) {
      const theirs = deploys.filter((stack) => state.stacks.includes(stack));
      // Whoever must agree to a run sees in its preview what it would delete.
      if (theirs.length > 0)
        graph.connect(
          id,
          other,
          `says what is to be deleted by the next up of ${theirs.join(", ")}, which is run by`,
          changedBy.approvals,
        );
    }
  }
}

/** Each way to write a state where it is kept. */
function writesState({ scope, account, bucket }: StateEntry): Probe[][] {
  if (scope !== undefined) {
    const on = (action: string, data = false) => azure(action, scope, data);
    return [
      [on(`${STORAGE}/blobServices/containers/blobs/write`, true)],
      // By the key of the account; whether it has one now, its owner decides.
      [on(`${STORAGE}/listKeys/action`)],
    ];
  }
  if (account === undefined || bucket === undefined) return [];
  return [[{ cloud: "aws", action: "s3:PutObject", resource: `arn:aws:s3:::${bucket}/*`, account }]];
}
