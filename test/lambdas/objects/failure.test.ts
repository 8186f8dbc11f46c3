import { S3ServiceException } from "@aws-sdk/client-s3";
import { SQSServiceException } from "@aws-sdk/client-sqs";
import { AuthenticationError, AuthenticationRequiredError, CredentialUnavailableError } from "@azure/identity";
import { expect } from "chai";
import fc from "fast-check";
import { type Fault, judge, Permanent } from "../../../lambdas/objects/failure.ts";
import { RefusedError } from "../../../lambdas/objects/rest.ts";

const s3 = (name: string, httpStatusCode: number, message = "S3 says no") =>
  new S3ServiceException({ name, message, $fault: "client", $metadata: { httpStatusCode } });

const sqs = (name: string, httpStatusCode: number) =>
  new SQSServiceException({ name, message: "SQS says no", $fault: "client", $metadata: { httpStatusCode } });

const rest = (code: string, status: number) => new RefusedError('PUT of "a.txt"', status, code);

const network = (code: string) => Object.assign(new Error(`connect ${code} 10.0.0.1:443`), { code, errno: -104 });

/** What ClientAssertionCredential makes of whatever it meets. */
const unnamed = (message: string) => new AuthenticationRequiredError({ scopes: [], message });

const entra = (status: number, error: string) =>
  new AuthenticationError(status, { error, error_description: "AADSTS7002: no", error_codes: [7002] });

describe("a fault", () => {
  describe("that no further try mends is told in words, with the cloud's own code", () => {
    const told: [error: Error, reason: string][] = [
      [
        s3("InvalidObjectState", 403),
        "the object is archived; restore it at S3, and its restore brings it here (InvalidObjectState)",
      ],
      [
        rest("BlobImmutableDueToPolicy", 409),
        "the copy is locked by an immutability policy (BlobImmutableDueToPolicy)",
      ],
      [rest("LeaseIdMissing", 412), "somebody holds a lease on the copy; break it (LeaseIdMissing)"],
      [rest("BlobArchived", 409), "the copy is archived and can't be read (BlobArchived)"],
      [rest("MetadataTooLarge", 400), "Azure refuses the copy's metadata: over 8 KiB in all (MetadataTooLarge)"],
      [rest("InvalidMetadata", 400), "Azure refuses the copy's metadata (InvalidMetadata)"],
      [rest("InvalidBlobType", 409), "under this name is a blob of another type (InvalidBlobType)"],
      [new Permanent("the object is larger than 6 TiB"), "the object is larger than 6 TiB"],
    ];
    for (const [error, reason] of told) {
      it(reason, () => expect(judge(error)).to.deep.equal({ fault: "permanent", reason }));
    }
  });

  const judged: Record<Exclude<Fault, "permanent">, [what: string, error: unknown][]> = {
    denied: [
      ["S3 denies", rest("AccessDenied", 403)],
      ["S3 denies the SDK", s3("AccessDenied", 403)],
      ["S3 denies a HEAD to the SDK", s3("Forbidden", 403)],
      ["the bucket is not there", rest("NoSuchBucket", 404)],
      ["the object's key is disabled", rest("KMS.DisabledException", 400)],
      ["the object's key is not there", s3("KMS.NotFoundException", 400)],
      ["Azure denies", rest("AuthorizationPermissionMismatch", 403)],
      ["Azure's network denies", rest("AuthorizationFailure", 403)],
      ["Azure takes the token for none", rest("InvalidAuthenticationInfo", 401)],
      ["either denies a HEAD, whose answer names no error", rest("status 403", 403)],
      ["the container is not there", rest("ContainerNotFound", 404)],
      ["Entra does not know the identity", entra(401, "invalid_client")],
      [
        "Entra has no trust in the role",
        unnamed("invalid_client: Error(s): 700213 - AADSTS700213: No matching record"),
      ],
      ["AWS does not say who asks", unnamed("User: x is not authorized to perform: sts:GetWebIdentityToken")],
      ["SQS denies", sqs("AccessDenied", 403)],
      ["either finds fault with a request", rest("InvalidHeaderValue", 400)],
    ],
    transient: [
      ["S3 has too much to do", rest("SlowDown", 503)],
      ["S3 has too much to do for the SDK", s3("SlowDown", 503)],
      ["S3 breaks", s3("InternalError", 500)],
      ["Azure has too much to do", rest("ServerBusy", 503)],
      ["Azure breaks", rest("InternalError", 500)],
      ["Azure throttles", rest("status 429", 429)],
      ["Entra has too much to do", entra(429, "temporarily_unavailable")],
      ["Entra cannot be reached", new CredentialUnavailableError("network_error: Network request failed")],
      ["the way to Entra is broken", unnamed("network_error: See https://aka.ms/msal.js.errors#network_error")],
      ["Entra itself is broken", unnamed("temporarily_unavailable: AADSTS90033: A transient error has occurred")],
      ["SQS throttles", sqs("RequestThrottled", 403 + 26)],
      ["a connection is reset", network("ECONNRESET")],
      ["the clock is wrong", rest("RequestTimeTooSkewed", 403)],
      ["the role's token has just ended", rest("ExpiredToken", 400)],
      ["the request took too long to come", rest("RequestTimeout", 400)],
      ["a name cannot be resolved", network("EAI_AGAIN")],
      ["a side never stands still", new Error("one of both sides changed 5 times while the object was copied")],
      ["something unforeseen is thrown", "a text"],
      ["nothing is thrown", undefined],
    ],
  };
  for (const [fault, errors] of Object.entries(judged)) {
    describe(`is ${fault}`, () => {
      for (const [what, error] of errors) {
        it(`when ${what}`, () => expect(judge(error)).to.have.property("fault", fault));
      }
    });
  }

  it("names code, status and what was answered, for whoever reads the log", () => {
    expect(judge(rest("AuthorizationPermissionMismatch", 403)).reason).to.equal(
      "PUT was answered with AuthorizationPermissionMismatch (status 403)",
    );
    expect(judge(s3("SlowDown", 503, "Please reduce your request rate.")).reason).to.equal(
      "Please reduce your request rate. (SlowDown, status 503)",
    );
    expect(judge(network("ECONNRESET")).reason).to.equal("connect ECONNRESET 10.0.0.1:443 (ECONNRESET)");
  });

  it("is judged whatever it is: that never fails itself", () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(judge(thrown).fault).to.be.oneOf(["permanent", "denied", "transient"]);
        expect(judge(thrown).reason).to.be.a("string");
      }),
    );
  });
});
