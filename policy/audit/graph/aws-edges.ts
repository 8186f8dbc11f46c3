import type { Estate } from "../copies/estate.ts";
import type { AwsProbe } from "../copies/model.ts";
import { textAt } from "../resources.ts";
import { can, EVERYTHING } from "./abilities.ts";
import type { MachineRole } from "./machines.ts";
import type { Graph, Node } from "./model.ts";
import { accountId, identityIn, inAccount } from "./principals.ts";

/** Rights by which one gives oneself every other right in the account ("IAM: escalation of privileges"). */
const ESCALATIONS = [
  ...["iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"],
  ...["iam:PutUserPolicy", "iam:AttachUserPolicy", "iam:PutGroupPolicy", "iam:AttachGroupPolicy", "iam:AddUserToGroup"],
];

/** What runs as a role, the action that has it run something else, and where the role stands in it. */
const CARRIERS = [
  { type: "aws:lambda/function:Function", action: "lambda:UpdateFunctionCode", path: ["role"] },
  { type: "aws:sfn/stateMachine:StateMachine", action: "states:UpdateStateMachine", path: ["roleArn"] },
  { type: "aws:scheduler/schedule:Schedule", action: "scheduler:UpdateSchedule", path: ["target", "roleArn"] },
];

/** Whoever administers rights in an account can have every right in it that its service control policies leave. */
export const anyRoleOf = (account: string) => `any role of ${account}`;

/** How people and machines become others within an account. */
export function connectAccounts(graph: Graph, estate: Estate, roles: readonly MachineRole[]): void {
  for (const account of Object.keys(estate.people.accounts)) addAnyRole(graph, estate, account);
  const carriers = carriersOf(estate);
  for (const node of [...graph.nodes.values()]) {
    for (const account of new Set(node.aws.map((identity) => identity.account))) {
      escalates(graph, node, account);
      takesOver(graph, estate, node, account);
    }
    if (node.aws.length > 0) for (const role of roles) takesOn(graph, node, role, carriers.get(role.arn) ?? []);
  }
}

function addAnyRole(graph: Graph, estate: Estate, account: string): void {
  const arns = [`arn:aws:iam::${accountId(estate, account)}:role/made-for-it`, ...forgeable(estate, account)];
  graph.add({
    id: anyRoleOf(account),
    kind: "power",
    aws: arns.map((arn) => identityIn(estate, account, arn, [EVERYTHING])),
    azure: [],
  });
}

/**
 * Names that a policy spares and that somebody could give to a role of their own: those that nobody of the people file
 * has, and patterns. Roles under aws-reserved/ are AWS's to make.
 */
function forgeable(estate: Estate, account: string): string[] {
  const taken = Object.entries(estate.people.principals).flatMap(([name, { aws }]) =>
    aws.map(({ account: of, arn }) => arn ?? `arn:aws:iam::${accountId(estate, of)}:role/${name}`),
  );
  const documents = [
    ...Object.values(estate.people.policies),
    ...Object.values(estate.people.principals).flatMap(({ aws }) => aws.flatMap(({ boundary = [] }) => boundary)),
  ];
  const spared = [...JSON.stringify(documents).matchAll(/"(arn:[\w*-]+:iam::[\d*]*:role\/[^"]+)"/g)].map(
    ([, arn = ""]) => arn,
  );
  const filled = spared.map((arn) =>
    arn.replace(/:iam::\*?:/, `:iam::${accountId(estate, account)}:`).replace(/^arn:\*:/, "arn:aws:"),
  );
  return filled
    .filter((arn) => !arn.includes(":role/aws-reserved/") && !taken.includes(arn))
    .map((arn) => arn.replaceAll("*", "x").replaceAll("?", "x"));
}

function escalates(graph: Graph, node: Node, account: string): void {
  const action = ESCALATIONS.find((each) => can(node, probe(each, "*", account)));
  if (action) graph.connect(node.id, anyRoleOf(account), `gives itself rights (${action}) and becomes`);
}

/** Whoever writes whom a role trusts takes it on; the permission sets of Identity Center are out of an account's reach. */
function takesOver(graph: Graph, estate: Estate, node: Node, account: string): void {
  for (const [name, { aws }] of Object.entries(estate.people.principals)) {
    for (const { account: of, arn } of aws) {
      const role = arn ?? `arn:aws:iam::${accountId(estate, of)}:role/${name}`;
      if (of !== account || role.includes(":role/aws-reserved/")) continue;
      for (const action of ["iam:UpdateAssumeRolePolicy", "iam:CreateAccessKey", "iam:CreateLoginProfile"]) {
        // A role has a policy of trust, a user has keys and a password.
        if (role.includes(":user/") === (action === "iam:UpdateAssumeRolePolicy")) continue;
        if (can(node, probe(action, role, account)))
          graph.connect(node.id, inAccount(name, account), `lets itself in (${action}) as`);
      }
    }
  }
}

function takesOn(
  graph: Graph,
  node: Node,
  { id, arn, account, trust }: MachineRole,
  carriers: readonly AwsProbe[],
): void {
  const assume: AwsProbe = { ...probe("sts:AssumeRole", arn, account), resourcePolicy: trust, onlyByResource: true };
  if (can(node, assume)) graph.connect(node.id, id, "can assume");
  if (can(node, probe("iam:UpdateAssumeRolePolicy", arn, account))) {
    graph.connect(node.id, id, "lets itself in (iam:UpdateAssumeRolePolicy) as");
  }
  if (can(node, probe("iam:PassRole", arn, account))) graph.connect(node.id, id, "hands to a service (iam:PassRole)");
  const carrier = carriers.find((each) => can(node, each));
  if (carrier) graph.connect(node.id, id, `changes what runs as it (${carrier.action}), and acts as`);
}

function carriersOf(estate: Estate): Map<string, AwsProbe[]> {
  const carriers = new Map<string, AwsProbe[]>();
  for (const { type, action, path } of CARRIERS) {
    for (const resource of estate.ofType(type)) {
      const role = textAt(resource, ...path);
      if (role === undefined) continue;
      const one = probe(action, textAt(resource, "arn") ?? "*", estate.accountOf(resource));
      carriers.set(role, [...(carriers.get(role) ?? []), one]);
    }
  }
  return carriers;
}

function probe(action: string, resource: string, account: string): AwsProbe {
  return { cloud: "aws", action, resource, account };
}
