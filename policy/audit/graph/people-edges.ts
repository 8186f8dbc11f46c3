import { ORGANIZATION, rootOf } from "../copies/aws-ways.ts";
import { azure } from "../copies/azure-ways.ts";
import type { Estate } from "../copies/estate.ts";
import type { Probe } from "../copies/model.ts";
import type { StateEntry } from "../people/schema.ts";
import { can } from "./abilities.ts";
import type { Edge, Graph } from "./model.ts";
import { signedInBy } from "./principals.ts";

const STORAGE = "Microsoft.Storage/storageAccounts";
const stateOf = (name: string) => `state ${name}`;

/** What the people file says of who can be whom: credentials, pipelines, root users, sign-ins and states. */
export function connectPeople(graph: Graph, estate: Estate): void {
  for (const { from, to, how, others } of declared(estate)) {
    graph.connect(from, to, how, others);
    // Whoever takes over one of their sign-ins has got that too: nobody said that it asks for another one.
    for (const provider of estate.people.principals[from]?.signsInBy ?? []) {
      graph.connect(signedInBy(from, provider), to, how, others);
    }
  }
}

function declared({ people }: Estate): Edge[] {
  const edges: Edge[] = [];
  const all = (names: readonly string[], to: string, how: string, others = 0) => {
    for (const from of names) edges.push({ from, to, how, others });
  };
  const { principals, identityProviders } = people;
  for (const [name, { canBecome, changedBy, administeredBy, signsInBy }] of Object.entries(principals)) {
    for (const other of canBecome) all([name], other, "can act as");
    all(administeredBy, name, "administers");
    all(changedBy.people, name, "changes what is run by", changedBy.approvals);
    for (const provider of signsInBy) {
      const administrators = identityProviders[provider]?.administrators ?? [];
      all(administrators, signedInBy(name, provider), "takes over the sign-in of");
    }
  }
  all(people.organization.administrators, ORGANIZATION, "administers the");
  for (const [account, { root }] of Object.entries(people.accounts)) all(root, rootOf(account), "can sign in as the");
  for (const [name, { writers }] of Object.entries(people.states)) all(writers, stateOf(name), "writes");
  return edges;
}

/**
 * Who writes a state has the next `pulumi up` delete what the state says, by the rights of whoever runs it. Call it
 * when everybody else is there.
 */
export function connectStates(graph: Graph, estate: Estate): void {
  const { states, principals } = estate.people;
  for (const [name, state] of Object.entries(states)) {
    const id = stateOf(name);
    const writes = writesState(state);
    for (const node of graph.nodes.values()) {
      if (writes.some((step) => can(node, step))) graph.connect(node.id, id, "writes");
    }
    graph.add({ id, kind: "power", aws: [], azure: [] });
    for (const [other, { deploys, changedBy }] of Object.entries(principals)) {
      const theirs = deploys.filter((stack) => state.stacks.includes(stack));
      if (theirs.length === 0) continue;
      const how = `says what the next up of ${theirs.join(", ")} deletes, which is run by`;
      // Whoever must agree to a run sees in its preview what it would delete.
      graph.connect(id, other, how, changedBy.approvals);
    }
  }
}

/** Each way to write a state where it is kept. */
function writesState({ scope, account, bucket }: StateEntry): Probe[] {
  if (scope !== undefined) {
    return [
      azure(`${STORAGE}/blobServices/containers/blobs/write`, scope, true),
      // By the key of the account; whether it has one now, its owner decides.
      azure(`${STORAGE}/listKeys/action`, scope),
    ];
  }
  if (account === undefined || bucket === undefined) return [];
  return [{ cloud: "aws", action: "s3:PutObject", resource: `arn:aws:s3:::${bucket}/*`, account }];
}
