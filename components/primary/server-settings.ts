import type * as aws from "@pulumi/aws";

/** Amazon Linux of today, as AWS itself keeps the parameter; an image of the workload's own takes its place. */
export const AMAZON_LINUX = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

/** Amazon Linux's root volume. Without a size, an image with another root is refused and not left unencrypted. */
export const ROOT_DEVICE = "/dev/xvda";

/** Seconds after its start in which a server may fail its health check: it boots, and reads its site document. */
export const GRACE_SECONDS = 300;

/** Seconds after which a new server's load tells something. */
export const WARMUP_SECONDS = 120;

/** Percent of CPU that the servers are kept at: with a zone of three lost, the others are at 75. */
export const CPU_TARGET = 50;

/**
 * How servers are replaced, by a refresh and by a failed health check alike: the new one first, and half of them at a
 * time at most. The health check covers the database, so when that is down every server fails it: none may go before
 * a well one has come, and what is there answers again the moment the database does.
 */
export const REPLACEMENT = { minHealthyPercentage: 100, maxHealthyPercentage: 150 };

/** Instance metadata by session token only, and not from a container or proxy on the server: one hop. */
export const METADATA: aws.types.input.ec2.LaunchTemplateMetadataOptions = {
  httpEndpoint: "enabled",
  httpTokens: "required",
  httpPutResponseHopLimit: 1,
};
