import { expect } from "chai";
import fc from "fast-check";
import { copyNameOf, sourceNameOf } from "../../../lambdas/secrets/names.ts";

/** All that Secrets Manager takes in a name. */
const ALPHABET = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_+=.@-"];
const signs = fc.constantFrom(...ALPHABET);
const names = fc.string({ unit: signs, minLength: 1, maxLength: 512 });

describe("the name of a secret's copy", () => {
  it("stays as it is but for hyphens, capitals and other signs", () => {
    expect(copyNameOf("apikey7")).to.equal("apikey7");
    expect(copyNameOf("shop-database-secret-1a2b3c4")).to.equal("shop--database--secret--1a2b3c4");
    expect(copyNameOf("shop/Api_key+v1=x.y@z")).to.equal("shop-1-api-2key-3v1-4x-5y-6z");
  });

  it("is one that a vault takes, whatever the secret's", () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(copyNameOf(name)).to.match(/^[0-9a-zA-Z-]{1,127}$/);
      }),
    );
  });

  it("is read back to the secret's, in any case, as long as it is written out", () => {
    const short = fc.string({ unit: signs, minLength: 1, maxLength: 63 });
    fc.assert(
      fc.property(short, (name) => {
        expect(sourceNameOf(copyNameOf(name))).to.equal(name);
        expect(sourceNameOf(copyNameOf(name).toUpperCase())).to.equal(name);
      }),
    );
  });

  it("is another one for another secret, even in a vault, where names have no case", () => {
    const changed = fc.tuple(names, fc.nat(), signs).map(([name, at, sign]): [string, string] => {
      const place = at % name.length;
      return [name, `${name.slice(0, place)}${sign}${name.slice(place + 1)}`];
    });
    fc.assert(
      fc.property(fc.oneof(fc.tuple(names, names), changed), ([one, other]) => {
        const same = copyNameOf(one).toLowerCase() === copyNameOf(other).toLowerCase();
        expect(same).to.equal(one === other);
      }),
    );
  });

  it("is a digest where it would be too long, which is never the name of another", () => {
    const long = copyNameOf("A".repeat(64));
    expect(long).to.match(/^-9[0-9a-f]{64}$/);
    expect(copyNameOf("A".repeat(63))).to.equal("-a".repeat(63));
    expect(sourceNameOf(long)).to.equal(undefined);
    fc.assert(
      fc.property(names, (name) => {
        expect(copyNameOf(name).startsWith("-9")).to.equal(sourceNameOf(copyNameOf(name)) === undefined);
      }),
    );
  });

  it("tells no secret where nobody would have written it so", () => {
    for (const name of ["-", "a-", "a-7b", "-9", "", "a b"]) {
      expect(sourceNameOf(name), name).to.equal(undefined);
    }
  });

  it("is refused for what Secrets Manager does not take", () => {
    for (const name of ["", "a b", "ä", "a:b", "x".repeat(513)]) {
      expect(() => copyNameOf(name), name).to.throw(/^expected a name of Secrets Manager, 1 to 512 of /);
    }
  });
});
