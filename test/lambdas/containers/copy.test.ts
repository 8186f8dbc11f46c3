import { expect } from "chai";
import { ANYBODY } from "../../../lambdas/containers/authorization.ts";
import { Copier, type CopierOptions } from "../../../lambdas/containers/copy.ts";
import { cosignTags, referrersTag } from "../../../lambdas/containers/names.ts";
import { Registry } from "../../../lambdas/containers/registry.ts";
import { Fenced, Permanent, Unfinished } from "../../../lambdas/objects/failure.ts";
import { digestOf, image, index, Repository } from "../../support/images.ts";
import { Random } from "../../support/random.ts";
import { freshName, useRegistries } from "../../support/registries.ts";
import { rejection } from "../../support/rejection.ts";

/** AWS and Azure list what refers to an image, as the first two do; the strict one lists nothing. */
const WAYS = [
  ["first", "second"],
  ["first", "strict"],
  ["strict", "second"],
  ["strict", "alike"],
] as const;

/** A size of pieces at which small layers are of several. */
const PIECE = 1000;

describe("copying images from registry to registry", () => {
  const registries = useRegistries({
    first: "olareg",
    second: "olareg",
    strict: "distribution",
    alike: "distribution",
  });
  const random = new Random(20_261_130);

  for (const [from, to] of WAYS) {
    describe(`from the ${from} to the ${to}`, () => {
      const lists = { source: from !== "strict", target: to === "second" };
      let name: string;
      let source: Repository;
      let target: Repository;
      let places: Map<string, string>;

      beforeEach(() => {
        name = freshName();
        source = new Repository(registries(from), name);
        target = new Repository(registries(to), name);
        places = new Map();
      });

      const copier = (options: CopierOptions = {}, repository = name) =>
        new Copier(
          new Registry(registries(from), ANYBODY),
          new Registry(registries(to), ANYBODY),
          repository,
          places,
          options,
        );
      const expectSame = async (reference: string) => {
        expect(await target.contentOf(reference)).to.deep.equal(await source.contentOf(reference));
        expect(await target.read(reference)).to.deep.equal(await source.read(reference));
      };

      for (const docker of [true, false]) {
        it(`brings an image of ${docker ? "Docker" : "OCI"}'s, to the byte`, async () => {
          const made = image([random.bytes(3000), random.bytes(70_000)], { docker });
          await source.push(made, "v1");
          expect(await copier().tag("v1")).to.deep.equal({
            ...{ outcome: "copied", digest: made.manifest.digest },
            ...{ manifests: 2, blobs: 3, bytes: made.blobs.reduce((sum, blob) => sum + blob.length, 0) },
          });
          await expectSame("v1");
          expect(await copier().tag("v1")).to.include({ outcome: "unchanged", manifests: 0, blobs: 0 });
        });

        it(`brings all platforms of a list of ${docker ? "Docker" : "OCI"}'s`, async () => {
          const platforms = [1, 2, 3].map((n) => image([random.bytes(1000 * n)], { docker }));
          for (const platform of platforms) await source.push(platform);
          const list = index(
            platforms.map(({ manifest }) => manifest),
            docker,
          );
          await source.pushManifest(list, "v1");
          expect(await copier().tag("v1")).to.include({
            outcome: "copied",
            digest: list.digest,
            manifests: 5,
            blobs: 6,
          });
          await expectSame("v1");
        });
      }

      it("brings a list of lists", async () => {
        const platform = image([random.bytes(500)]);
        await source.push(platform);
        const inner = index([platform.manifest]);
        await source.pushManifest(inner);
        await source.pushManifest(index([inner, platform.manifest]), "all");
        await copier().tag("all");
        await expectSame("all");
      });

      it("sends layers of any size in pieces: none, one and several, the last of them whole or not", async () => {
        const sizes = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 70_001];
        await source.push(image(sizes.map((size) => random.bytes(size))), "large");
        expect(await copier({ chunkBytes: PIECE }).tag("large")).to.include({ blobs: sizes.length + 1 });
        await expectSame("large");
      });

      it("sends no layer that is there already, nor one that another repository has", async () => {
        const base = random.bytes(50_000);
        await source.push(image([base]), "v1");
        await copier().tag("v1");
        await source.push(image([base, random.bytes(10)]), "v2");
        expect(await copier().tag("v2")).to.include({ blobs: 2 });

        const other = freshName();
        await new Repository(registries(from), other).push(image([base, random.bytes(20)]), "v1");
        const result = await copier({}, other).tag("v1");
        expect(result.bytes).to.be.lessThan(1000);
        expect(await new Repository(registries(to), other).blob(digestOf(base))).to.deep.equal(base);
      });

      it("brings what refers to an image, and what refers to that", async () => {
        const signed = image([random.bytes(300)]);
        await source.push(signed);
        const signature = image([random.bytes(20)], { subject: signed.manifest });
        await source.push(signature);
        const countersignature = image([random.bytes(20)], { subject: signature.manifest });
        await source.push(countersignature);
        if (!lists.source) {
          // Where a registry lists nothing, whoever pushes a signature keeps the list as a tag.
          await source.pushManifest(index([signature.manifest]), referrersTag(signed.manifest.digest));
          await source.pushManifest(index([countersignature.manifest]), referrersTag(signature.manifest.digest));
        }
        await source.pushManifest(signed.manifest, "v1");

        await copier().tag("v1");

        for (const [about, by] of [
          [signed, signature],
          [signature, countersignature],
        ] as const) {
          await expectSame(by.manifest.digest);
          const { digest } = about.manifest;
          if (lists.target) expect(await target.referrers(digest)).to.deep.equal([by.manifest.digest]);
          else expect([...(await target.contentOf(referrersTag(digest))).keys()]).to.include(by.manifest.digest);
        }
        expect(await copier().tag("v1")).to.include({ outcome: "unchanged", manifests: 0 });
      });

      it("brings a signature that comes after its image, by its own digest", async () => {
        const signed = image([random.bytes(300)]);
        await source.push(signed, "v1");
        await copier().tag("v1");
        const signature = image([random.bytes(20)], { subject: signed.manifest });
        await source.push(signature);
        expect(await copier().digest(signature.manifest.digest)).to.include({ outcome: "copied" });
        await expectSame(signature.manifest.digest);
        expect(await copier().digest(signature.manifest.digest)).to.include({ outcome: "unchanged" });
      });

      it("brings cosign's tags with the image that they are of", async () => {
        const signed = image([random.bytes(300)]);
        const tags = cosignTags(signed.manifest.digest);
        for (const tag of tags) await source.push(image([random.bytes(30)]), tag);
        await source.push(signed, "v1");
        await copier().tag("v1");
        for (const tag of tags) await expectSame(tag);
      });

      it("asks for none of cosign's tags that are known not to be there", async () => {
        const signed = image([random.bytes(300)]);
        const [kept = "", other = ""] = cosignTags(signed.manifest.digest);
        await source.push(image([random.bytes(30)]), kept);
        await source.push(image([random.bytes(30)]), other);
        await source.push(signed, "v1");
        await copier({ tags: new Set(["v1", kept]) }).tag("v1");
        expect(await target.tags()).to.deep.equal([kept, "v1"].sort());
      });

      it("moves a tag that moved, and brings a message of before to the state of now", async () => {
        const [one, two] = [image([random.bytes(100)]), image([random.bytes(200)])];
        await source.push(one, "latest");
        await copier().tag("latest");
        await source.push(two, "latest");
        await copier().tag("latest");
        await copier().digest(one.manifest.digest);
        await copier().tag("latest");
        await expectSame("latest");
        expect(await target.contentOf(one.manifest.digest)).to.have.property("size", 3);
      });

      it("leaves a tag alone that the source no longer has", async () => {
        const made = image([random.bytes(100)]);
        await source.push(made, "v1");
        await source.push(made, "v2");
        await copier().tag("v1");
        await source.untag("v1");
        expect(await copier().tag("v1")).to.include({ outcome: "gone", digest: undefined });
        expect(digestOf((await target.read("v1"))?.bytes ?? Buffer.alloc(0))).to.equal(made.manifest.digest);
      });

      it("makes nothing of an image that is gone, nor of a repository that never was", async () => {
        expect(await copier().digest(digestOf(random.bytes(8)))).to.include({ outcome: "gone" });
        expect(await copier().tag("v1")).to.include({ outcome: "gone" });
        expect(await target.tags()).to.deep.equal([]);
      });

      // The other registries take no image without all its layers.
      if (to === "alike") {
        it("leaves layers away that their maker keeps, and brings those that are there all the same", async () => {
          const kept = random.bytes(400);
          const elsewhere = (bytes: Buffer) => ({
            mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            digest: digestOf(bytes),
            size: bytes.length,
            urls: ["https://example.com/layers/base"],
          });
          const absent = random.bytes(500);
          await source.pushBlob(kept);
          const made = image([random.bytes(60)], { docker: true, foreign: [elsewhere(absent), elsewhere(kept)] });
          await source.push(made, "windows");
          await copier().tag("windows");
          await expectSame("windows");
          expect(await target.blob(digestOf(kept))).to.deep.equal(kept);
          expect(await target.blob(digestOf(absent))).to.equal(undefined);
        });
      }

      it("writes nothing while it may not", async () => {
        await source.push(image([random.bytes(100)]), "v1");
        const mayWrite = () => Promise.reject(new Fenced("declared lost"));
        expect(await rejection(copier({ mayWrite }).tag("v1"))).to.be.instanceOf(Fenced);
        expect(await target.tags()).to.deep.equal([]);
      });

      it("stops when its time is over, and goes on with what is left", async () => {
        await source.push(image([random.bytes(100), random.bytes(300)]), "v1");
        const late = copier({ deadline: performance.now() - 1 });
        expect(await rejection(late.tag("v1"))).to.be.instanceOf(Unfinished);
        expect(await target.tags()).to.deep.equal([]);
        await copier().tag("v1");
        await expectSame("v1");
      });

      if (from !== "strict") {
        it("keeps the former image when a layer of the new one is missing, and says which", async () => {
          const former = image([random.bytes(100)]);
          await source.push(former, "latest");
          await copier().tag("latest");
          const missing = random.bytes(300);
          await source.push(image([missing]), "latest");
          await source.deleteBlob(digestOf(missing));
          const error = await rejection(copier().tag("latest"));
          expect(error).to.be.instanceOf(Permanent).with.property("message").that.includes(digestOf(missing));
          expect(digestOf((await target.read("latest"))?.bytes ?? Buffer.alloc(0))).to.equal(former.manifest.digest);
        });
      }
    });
  }
});
