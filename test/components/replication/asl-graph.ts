import type { AslMachine, AslState } from "../../../components/replication/asl.ts";

/** A retrier or a catcher. */
export interface Rule {
  ErrorEquals: string[];
  Next?: string;
  IntervalSeconds?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  MaxAttempts?: number;
}

/** Names of all states that may come after one. */
export function leadsTo({ Next, Default, Choices = [], Catch = [] }: AslState): string[] {
  const ways = [...(Choices as AslState[]), ...(Catch as AslState[])].map((way) => way.Next);
  return [Next, Default, ...ways].filter((name) => name !== undefined).map(String);
}

/** Names of all states that an execution may come to. @throws Error when one of them is not there */
export function reachable({ StartAt, States }: AslMachine): string[] {
  const found = new Set([StartAt]);
  for (const name of found) {
    const state = States[name];
    if (!state) throw new Error(`there is no state "${name}"`);
    for (const next of leadsTo(state)) found.add(next);
  }
  return [...found];
}

/** The seconds before each further try, at most. */
export function waitsOf(rule: Rule | undefined): number[] {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxAttempts = 3, MaxDelaySeconds = Infinity } = rule ?? {};
  return Array.from({ length: MaxAttempts }, (_, n) => Math.min(IntervalSeconds * BackoffRate ** n, MaxDelaySeconds));
}
