import { expect } from "chai";
import { ANYBODY } from "../../../lambdas/containers/authorization.ts";
import { Copier } from "../../../lambdas/containers/copy.ts";
import { Registry } from "../../../lambdas/containers/registry.ts";
import { Permanent } from "../../../lambdas/objects/failure.ts";
import { RefusedError } from "../../../lambdas/objects/rest.ts";
import { type Asked, type CarriedOut, type Fault, FaultyProxy } from "../../support/faulty-proxy.ts";
import { image, index, type MadeImage, Repository } from "../../support/images.ts";
import { Random } from "../../support/random.ts";
import { freshName, useRegistries } from "../../support/registries.ts";
import { rejection } from "../../support/rejection.ts";

/** Small enough that a layer is of many pieces. */
const PIECE = 20_000;

/** Rounds of the random test; each has a seed of its own, which its name tells. */
const ROUNDS = 6;

const SEED = Number(process.env.SEED ?? 1130);

describe("copying images over a network that fails", () => {
  const registries = useRegistries({ first: "olareg", second: "olareg", strict: "distribution" });
  const open: FaultyProxy[] = [];

  afterEach(() => {
    for (const proxy of open.splice(0)) proxy.close();
  });

  async function behind(
    name: "first" | "second" | "strict",
    choose: (asked: Asked) => Fault | undefined,
    onCarriedOut?: (carried: CarriedOut) => void,
  ): Promise<Registry> {
    const mayDamage = ({ method, path }: Asked) => method === "GET" && path.includes("/blobs/sha256");
    const proxy = new FaultyProxy({ behind: registries(name), choose, onDeath: () => {}, onCarriedOut, mayDamage });
    open.push(proxy);
    return new Registry(await proxy.start(), ANYBODY);
  }

  const nothing = () => undefined;
  /** A fault for the first request that it fits, and for no other. */
  const once = (fits: (asked: Asked) => boolean, fault: Fault) => {
    let left = 1;
    return (asked: Asked) => (fits(asked) && left-- > 0 ? fault : undefined);
  };
  const isLayer = ({ method, path }: Asked) => method === "GET" && path.includes("/blobs/sha256");
  const isPiece = ({ method }: Asked) => method === "PATCH";

  for (const to of ["second", "strict"] as const) {
    describe(`to the ${to}`, () => {
      let name: string;
      let made: MadeImage;
      let source: Repository;
      let target: Repository;

      beforeEach(async () => {
        name = freshName();
        source = new Repository(registries("first"), name);
        target = new Repository(registries(to), name);
        made = image([new Random(7).bytes(5 * PIECE + 11)]);
        await source.push(made, "v1");
      });

      const copy = (from: Registry, onto: Registry) =>
        new Copier(from, onto, name, new Map(), { chunkBytes: PIECE }).tag("v1");
      const expectSame = async () => {
        expect(await target.contentOf("v1")).to.deep.equal(await source.contentOf("v1"));
      };

      it("goes on with a layer where the source broke off", async () => {
        const asked: (string | undefined)[] = [];
        const from = await behind("first", once(isLayer, { kind: "cut", when: "answering" }), (carried) => {
          if (isLayer(carried)) asked.push(carried.headers.range);
        });
        await copy(from, await behind(to, nothing));
        await expectSame();
        expect(asked.some((range) => /^bytes=[1-9]\d*-$/.test(range ?? ""))).to.equal(true);
      });

      for (const when of ["before", "within", "after"] as const) {
        it(`goes on with an upload that is cut ${when} a piece ${when === "after" ? "was taken" : "is whole"}`, async () => {
          await copy(await behind("first", nothing), await behind(to, once(isPiece, { kind: "cut", when })));
          await expectSame();
        });
      }

      it("finds out what became of an upload whose end nobody answered", async () => {
        const isEnd = ({ method, path }: Asked) => method === "PUT" && path.includes("digest=");
        await copy(await behind("first", nothing), await behind(to, once(isEnd, { kind: "cut", when: "after" })));
        await expectSame();
      });

      it("asks again for a layer that came damaged, and keeps none that always does", async () => {
        await copy(await behind("first", once(isLayer, { kind: "damaged" })), await behind(to, nothing));
        await expectSame();

        await source.push(image([new Random(8).bytes(3 * PIECE)]), "v1");
        const always = await behind("first", (asked) => (isLayer(asked) ? { kind: "damaged" } : undefined));
        const error = await rejection(copy(always, await behind(to, nothing)));
        expect(error).to.be.instanceOf(Permanent);
        expect(error.message).to.match(/digest sha256:.* found sha256:.* 3 times: push the image anew/);
        expect(await target.tags()).to.deep.equal(["v1"]);
      });

      it("waits while a registry is asked too much, and leaves what lasts to the queue", async () => {
        const busy = { kind: "refused", status: 429, code: "TOOMANYREQUESTS" } as const;
        await copy(await behind("first", once(isLayer, busy)), await behind(to, once(isPiece, busy)));
        await expectSame();
        const error = await rejection(copy(await behind("first", () => busy), await behind(to, nothing)));
        expect(error).to.be.instanceOf(RefusedError).with.property("status", 429);
      }).timeout(20_000);
    });
  }

  for (let round = 0; round < ROUNDS; round++) {
    const seed = SEED + round;
    const to = round % 2 === 0 ? "second" : "strict";
    it(`ends in the source's state, and never shows half an image, whatever fails (SEED=${seed})`, async () => {
      const random = new Random(seed);
      const name = freshName();
      const source = new Repository(registries("first"), name);
      const target = new Repository(registries(to), name);
      const push = async (tag: string) => {
        const platforms = [image([random.bytes(random.below(5 * PIECE))]), image([random.bytes(random.below(PIECE))])];
        for (const platform of platforms) await source.push(platform);
        await source.pushManifest(index(platforms.map(({ manifest }) => manifest)), tag);
      };
      let calm = false;
      const choose = (asked: Asked): Fault | undefined => {
        if (calm || !random.chance(0.06)) return undefined;
        const cut = { kind: "cut", when: random.pick(["before", "within", "after", "answering"] as const) } as const;
        const refused = { kind: "refused", status: random.pick([429, 500, 503]), code: "UNAVAILABLE" } as const;
        return random.pick<Fault>([cut, cut, refused, isLayer(asked) ? { kind: "damaged" } : cut]);
      };
      const [from, onto] = [await behind("first", choose), await behind(to, choose)];

      const tags = ["a", "b"];
      for (let turn = 0; turn < 3; turn++) {
        for (const tag of tags) await push(tag);
        const works = tags.flatMap((tag) =>
          [1, 2].map(() => new Copier(from, onto, name, new Map(), { chunkBytes: PIECE }).tag(tag)),
        );
        await Promise.allSettled(works);
        // Whatever stands under a tag is there with all that belongs to it.
        for (const tag of await target.tags()) await target.contentOf(tag);
      }
      calm = true;
      for (const tag of tags) {
        await new Copier(from, onto, name, new Map(), { chunkBytes: PIECE }).tag(tag);
        expect(await target.contentOf(tag)).to.deep.equal(await source.contentOf(tag));
      }
    }).timeout(60_000);
  }
});
