import type { Estate } from "./copies/estate.ts";
import type { Copy, Fault } from "./copies/model.ts";
import type { Graph } from "./graph/model.ts";
import type { Reach } from "./reach.ts";
import { type AuditResource, at, UNKNOWN } from "./resources.ts";

/** What is wrong between copies and people, without anybody yet reaching all of them. */
export function checkTogether(estate: Estate, graph: Graph, copies: readonly Copy[], reach: Reach): Fault[] {
  return [
    ...tooFew(copies),
    ...sharedKeys(copies),
    // What a right is on, the names of copies tell that were seen.
    ...deletingMachines(
      estate,
      graph,
      copies.filter(({ assumed }) => !assumed),
      reach,
    ),
    ...openStates(estate),
    ...unapprovedPipelines(estate),
  ];
}

/** A cloud's own failure, or the closing of one account, takes all that is in it. */
function tooFew(copies: readonly Copy[]): Fault[] {
  const data = new Set(copies.flatMap(({ holds }) => holds));
  return [...data].flatMap((what) => {
    const of = copies.filter(({ holds }) => holds.includes(what));
    const clouds = new Set(of.map(({ cloud }) => cloud));
    if (clouds.size > 1) return [];
    const found = `has ${of.length === 1 ? "one copy" : "copies"} on ${[...clouds][0]} alone`;
    return [
      {
        rule: "one-cloud-only",
        subject: what,
        what: found,
        mend: "deploy stacks prod, dr and link, which copy it to the other cloud",
      },
    ];
  });
}

function sharedKeys(copies: readonly Copy[]): Fault[] {
  const byKey = Map.groupBy(
    copies.filter(({ key }) => key !== undefined),
    ({ key }) => key,
  );
  return [...byKey].flatMap(([key, encrypted]) => {
    if (encrypted.length < 2) return [];
    const what = `encrypts ${encrypted.map(({ name }) => name).join(" and ")}: its end is theirs`;
    return [
      {
        rule: "shared-encryption-key",
        subject: String(key),
        what,
        mend: "encrypt each with a key of its own, or with one of the cloud's",
      },
    ];
  });
}

/** Services of AWS's that act as a role by their own will only; who hands the role to them is followed elsewhere. */
const OWN_WILL = ["backup.amazonaws.com"];

/** Whoever only writes copies has no need to delete one; that right is what an intruder looks for. */
function deletingMachines(estate: Estate, graph: Graph, copies: readonly Copy[], reach: Reach): Fault[] {
  const faults: Fault[] = [];
  for (const node of graph.nodes.values()) {
    if (!node.registered) continue;
    const resource = machineOf(estate, node.id);
    if (resource && actsByItself(resource)) continue;
    for (const copy of copies) {
      const way = copy.ways.find((each) => reach.takesAlone(node.id, each));
      if (!way) continue;
      const of = { subject: node.id, ...(resource && { urn: resource.urn }) };
      const mend = "take the right away: to write and to read is all that a replication needs";
      faults.push({ rule: "machine-may-delete", ...of, what: `can ${way.what} of ${copy.name}`, mend });
    }
  }
  return faults;
}

/** Before a deployment it may not be known who takes a role on; that is told elsewhere. */
function actsByItself(role: AuditResource): boolean {
  const trust = at(role, "assumeRolePolicy");
  return trust === UNKNOWN || OWN_WILL.some((service) => JSON.stringify(trust ?? "").includes(service));
}

function machineOf(estate: Estate, id: string): AuditResource | undefined {
  const name = id.replace(/^(role|identity) /, "");
  const types = ["aws:iam/role:Role", "azure-native:managedidentity:UserAssignedIdentity"];
  return types.flatMap((type) => estate.ofType(type)).find((each) => each.name === name);
}

/** A state whose former self is gone is one that nobody can compare with what is there. */
function openStates({ people }: Estate): Fault[] {
  return Object.entries(people.states).flatMap(([name, { locked }]) => {
    if (locked) return [];
    const mend =
      "keep it in a container with versions and immutability, or a bucket under Object Lock, and say `locked: true`";
    return [{ rule: "state-without-lock", subject: `state ${name}`, what: "can be rewritten without a trace", mend }];
  });
}

/** Whoever changes the program changes what is protected in it. */
function unapprovedPipelines({ people }: Estate): Fault[] {
  return Object.entries(people.principals).flatMap(([name, { kind, deploys, changedBy }]) => {
    if (kind !== "pipeline" || deploys.length === 0 || changedBy.people.length === 0 || changedBy.approvals > 0)
      return [];
    const what = `runs what any one of ${changedBy.people.join(", ")} writes`;
    return [
      {
        rule: "pipeline-without-approval",
        subject: name,
        what,
        mend: "let a second person agree to each run, and say `approvals: 1`",
      },
    ];
  });
}
