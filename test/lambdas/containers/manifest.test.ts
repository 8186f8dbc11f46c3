import { expect } from "chai";
import fc from "fast-check";
import {
  DOCKER_MANIFEST,
  digestLike,
  mayStayAway,
  OCI_INDEX,
  OCI_MANIFEST,
  readManifest,
  referrersIndex,
} from "../../../lambdas/containers/manifest.ts";
import { algorithmOf, cosignTags, isDigest, referrersTag } from "../../../lambdas/containers/names.ts";
import { Permanent } from "../../../lambdas/objects/failure.ts";
import { image, index } from "../../support/images.ts";

const HEX = "0123456789abcdef".repeat(4);

describe("what a manifest says", () => {
  it("is its configuration and its layers, each once", () => {
    const layer = Buffer.from("layer");
    const { manifest } = image([layer, layer]);
    const { blobs, manifests, subject } = readManifest(manifest.bytes, OCI_MANIFEST);
    expect([blobs.length, manifests, subject]).to.deep.equal([2, [], undefined]);
  });

  it("is what it lists, and what it is about", () => {
    const signed = image([Buffer.from("a")]).manifest;
    expect(readManifest(index([signed]).bytes, OCI_INDEX).manifests.map(({ digest }) => digest)).to.deep.equal([
      signed.digest,
    ]);
    const { manifest } = image([Buffer.from("b")], { subject: signed });
    expect(readManifest(manifest.bytes, OCI_MANIFEST).subject).to.equal(signed.digest);
  });

  it("is read whatever parameters its type has, and where an empty list is null", () => {
    expect(readManifest(Buffer.from('{"manifests":null}'), `${OCI_INDEX}; charset=utf-8`).manifests).to.deep.equal([]);
  });

  it("is refused for good where it is nothing that is copied, with what to do", () => {
    const schema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    expect(() => readManifest(Buffer.from("{}"), schema1)).to.throw(Permanent, /found .*v1\+prettyjws: build and push/);
    expect(() => readManifest(Buffer.from("{"), OCI_MANIFEST)).to.throw(Permanent, /expected JSON/);
    expect(() => readManifest(Buffer.from('{"layers":[]}'), DOCKER_MANIFEST)).to.throw(Permanent, /config/);
    const bad = '{"manifests":[{"mediaType":"x","digest":"sha256:../../secret","size":1}]}';
    expect(() => readManifest(Buffer.from(bad), OCI_INDEX)).to.throw(Permanent, /expected a digest/);
  });

  it("never takes anything else than a digest for one, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string(), (digest) => {
        const bytes = Buffer.from(JSON.stringify({ manifests: [{ mediaType: "x", digest, size: 1 }] }));
        expect(() => readManifest(bytes, OCI_INDEX)).to.throw(Permanent);
      }),
    );
  });
});

describe("layers that their makers keep", () => {
  const layer = { digest: `sha256:${HEX}`, size: 1 };
  const foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

  it("may stay away where it is said where they are", () => {
    expect(mayStayAway({ ...layer, mediaType: foreign, urls: ["https://example.com/"] })).to.equal(true);
    const oci = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
    expect(mayStayAway({ ...layer, mediaType: oci, urls: ["https://example.com/"] })).to.equal(true);
  });

  it("may not otherwise", () => {
    expect(mayStayAway({ ...layer, mediaType: foreign })).to.equal(false);
    expect(mayStayAway({ ...layer, mediaType: foreign, urls: [] })).to.equal(false);
    const usual = "application/vnd.oci.image.layer.v1.tar+gzip";
    expect(mayStayAway({ ...layer, mediaType: usual, urls: ["https://example.com/"] })).to.equal(false);
  });
});

describe("the list of what refers to an image", () => {
  it("has the same bytes in whatever order it is made of", () => {
    const all = [1, 2, 3].map((n) => image([Buffer.from([n])]).manifest).map(({ bytes: _, ...rest }) => rest);
    const { bytes } = referrersIndex(all);
    expect(referrersIndex([...all].reverse()).bytes).to.deep.equal(bytes);
    expect(readManifest(bytes, OCI_INDEX).manifests).to.have.length(3);
  });
});

describe("digests", () => {
  it("are of SHA-256 or SHA-512, in small letters, and nothing else", () => {
    for (const good of [`sha256:${HEX}`, `sha512:${HEX}${HEX}`]) expect(isDigest(good), good).to.equal(true);
    for (const bad of [`sha256:${HEX}0`, `sha256:${HEX.toUpperCase()}`, `sha512:${HEX}`, `md5:${HEX}`, "latest", ""]) {
      expect(isDigest(bad), bad).to.equal(false);
    }
    expect(() => algorithmOf("latest")).to.throw('found "latest"');
  });

  it("are made by the algorithm of another", () => {
    const bytes = Buffer.from("abc");
    // The examples of FIPS 180-4.
    expect(digestLike(`sha256:${HEX}`, bytes)).to.match(/^sha256:ba7816bf8f01cfea/);
    expect(digestLike(`sha512:${HEX}${HEX}`, bytes)).to.match(/^sha512:ddaf35a193617aba/);
  });

  it("name the tags that say something of an image", () => {
    expect(referrersTag(`sha256:${HEX}`)).to.equal(`sha256-${HEX}`);
    expect(referrersTag(`sha512:${HEX}${HEX}`)).to.equal(`sha512-${HEX}`);
    expect(cosignTags(`sha256:${HEX}`)).to.deep.equal(
      [".sig", ".att", ".sbom"].map((ending) => `sha256-${HEX}${ending}`),
    );
  });
});
