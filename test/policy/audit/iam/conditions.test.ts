import { expect } from "chai";
import { type Answer, holds } from "../../../../policy/audit/iam/conditions.ts";

type Case = [operator: string, wanted: string[], found: string[] | null | undefined, answer: Answer];

/** "IAM JSON policy elements: Condition operators", and "Conditions with multiple context keys or values". */
const CASES: Case[] = [
  ["StringEquals", ["a", "b"], ["b"], true],
  ["StringEquals", ["a"], null, false],
  ["StringEquals", ["a"], undefined, undefined],
  ["StringNotEquals", ["a", "b"], ["b"], false],
  ["StringNotEquals", ["a"], null, true],
  ["StringEqualsIfExists", ["a"], null, true],
  ["StringEqualsIgnoreCase", ["A"], ["a"], true],
  ["StringLike", ["shop-*"], ["shop-content"], true],
  ["StringNotLike", ["shop-*"], ["shop-content"], false],
  ["ArnLike", ["arn:aws:iam::*:role/a"], ["arn:aws:iam::111122223333:role/a"], true],
  ["ArnNotLike", ["arn:aws:iam::*:role/a"], ["arn:aws:iam::111122223333:role/b"], true],
  ["Bool", ["false"], ["true"], false],
  ["Null", ["true"], null, true],
  ["Null", ["false"], ["a"], true],
  ["Null", ["false"], undefined, undefined],
  ["NumericLessThanEquals", ["10"], ["10"], true],
  ["NumericGreaterThan", ["10"], ["10"], false],
  ["ForAllValues:StringEquals", ["a"], null, true],
  ["ForAllValues:StringEquals", ["a", "b"], ["a", "c"], false],
  ["ForAnyValue:StringEquals", ["a"], ["a", "c"], true],
  ["ForAnyValue:StringNotEquals", ["a"], ["a", "c"], true],
  ["ForAnyValue:StringNotEquals", ["a"], ["a"], false],
  ["DateLessThan", ["2030-01-01T00:00:00Z"], ["2026-01-01T00:00:00Z"], undefined],
];

describe("conditions of policies", () => {
  for (const [operator, wanted, found, answer] of CASES) {
    it(`${operator} ${wanted} with ${found === undefined ? "an unknown key" : (found ?? "no key")}: ${answer}`, () => {
      const context = new Map(found === undefined ? [] : [["key", found]]);
      expect(holds({ [operator]: { KEY: wanted } }, context)).to.equal(answer);
    });
  }

  it("hold when all of them do", () => {
    const context = new Map([["one", ["1"]]]);
    expect(holds({ StringEquals: { one: ["1"] }, StringLike: { other: ["2"] } }, context)).to.equal(undefined);
    expect(holds({ StringEquals: { one: ["2"] }, StringLike: { other: ["2"] } }, context)).to.equal(false);
    expect(holds(undefined, context)).to.equal(true);
  });
});
