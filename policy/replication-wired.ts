import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import {
  at,
  hasRoom,
  isWithin,
  jsonOf,
  listAt,
  names,
  ofType,
  type Resource,
  textAt,
  UNKNOWN,
} from "./kit/resource.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const NOTIFICATION = "aws:s3/bucketNotification:BucketNotification";
const QUEUE = "aws:sqs/queue:Queue";
/** What a rule of EventBridge sends its events to. */
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const CONSUMER = "aws:lambda/eventSourceMapping:EventSourceMapping";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
/** What follows the registry of container images, and the primary's secrets. */
const FOLLOWERS = ["replication:ContainerReplication", "replication:SecretReplication"];
/** The bucket of dumps, which link has itself; that of the content is in prod. */
const DUMPS = "replication:DumpBucket";

/**
 * Each bucket with content is followed from event to alarm: its events go to a queue, what fails goes to a dead-letter
 * queue, a function consumes, and an alarm rings for what was set aside. With a link missing nothing fails, and nothing is
 * copied. Pushes of container images and changes of secrets are followed in the same way, where these are copied. S3 has
 * one notification configuration a bucket, so a second one, in prod, would take the first one's place.
 *
 * Whether link has a replication for each content bucket of prod, link alone does not see: it has one for each workload,
 * or is stopped here.
 *
 * Severity: critical. Reference: AWS Well-Architected, REL09-BP01, Identify and back up all data that needs to be
 * backed up.
 */
export const replicationWired = policy(
  {
    name: "replication-wired",
    description: "Each bucket with content is followed: event, queue, dead-letter queue, consumer, alarm.",
    enforcementLevel: "mandatory",
    severity: "critical",
    mend: "Declare an ObjectReplication for the bucket in stacks/link.ts; it has all five.",
  },
  {
    stack: (resources) => [
      ...(hasRoom(resources, "primary") ? ofType(resources, NOTIFICATION).map(second) : []),
      ...(hasRoom(resources, "replication") ? linked(resources) : []),
    ],
  },
);

function second(notification: Resource): Finding {
  return wrong(notification, "would take the place of the replication's, which link has; write it into stack link");
}

function linked(all: readonly Resource[]): Finding[] {
  const notifications = ofType(all, NOTIFICATION);
  const dumps = ofType(all, BUCKET).filter((bucket) => isWithin(bucket, DUMPS));
  return [
    ...dumps.flatMap((bucket) => followed(bucket, notifications)),
    ...contentOf(all, dumps),
    ...notifications.flatMap((each) => queues(each, all)),
    ...events(all),
  ];
}

/** The events of what is no bucket come into a queue that is carried as a bucket's events are. */
function events(all: readonly Resource[]): Finding[] {
  return ofType(all, TARGET)
    .filter((each) => FOLLOWERS.some((follower) => isWithin(each, follower)))
    .flatMap((target) => {
      const targets = ofType(all, QUEUE).filter((queue) => names(target, "arn", queue));
      if (targets.length > 0) return targets.flatMap((queue) => carried(queue, all));
      return [wrong(target, "goes to no queue of the stack; write the arn of one")];
    });
}

function followed(bucket: Resource, notifications: readonly Resource[]): Finding[] {
  if (notifications.some((each) => names(each, "bucket", bucket))) return [];
  return [wrong(bucket, "tells nobody of what is put into it; write an ObjectReplication for it")];
}

/** Each workload has a replication of a bucket that is not in this stack: its content's. */
function contentOf(all: readonly Resource[], dumps: readonly Resource[]): Finding[] {
  return dumps.flatMap((bucket) => {
    const workload = textAt(bucket, "tags", "Workload");
    const own = ofType(all, QUEUE).filter((queue) => textAt(queue, "tags", "Workload") === workload);
    const elsewhere = ofType(all, NOTIFICATION).filter(
      (each) => !dumps.some((other) => names(each, "bucket", other)) && toOneOf(each, own),
    );
    if (elsewhere.length > 0) return [];
    return [wrong(bucket, `has workload ${workload}, whose content nobody follows; write an ObjectReplication for it`)];
  });
}

/** Whether a notification goes to one of these queues; by its component where a preview does not know it. */
function toOneOf(notification: Resource, queues: readonly Resource[]): boolean {
  const takenFrom = queues.some((queue) => notification.takenFrom.queues?.includes(queue.urn));
  if (at(notification, "queues") === UNKNOWN) return takenFrom;
  return listAt(notification, "queues").some((_, index) => {
    const arn = at(notification, "queues", index, "queueArn");
    return arn === UNKNOWN ? takenFrom : queues.some((queue) => at(queue, "arn") === arn);
  });
}

function queues(notification: Resource, all: readonly Resource[]): Finding[] {
  const targets = ofType(all, QUEUE).filter((queue) => toOneOf(notification, [queue]));
  if (targets.length === 0)
    return [wrong(notification, "goes to no queue of the stack; write queues: [{ queueArn, events }]")];
  return [...created(notification), ...targets.flatMap((queue) => carried(queue, all))];
}

function created(notification: Resource): Finding[] {
  if (at(notification, "queues") === UNKNOWN) return [unknown(notification, "queues")];
  const events = listAt(notification, "queues").flatMap((_, index) => listAt(notification, "queues", index, "events"));
  if (events.includes(UNKNOWN)) return [unknown(notification, "events")];
  if (events.includes("s3:ObjectCreated:*")) return [];
  return [wrong(notification, 'does not tell of new objects; write events: ["s3:ObjectCreated:*"]')];
}

function carried(queue: Resource, all: readonly Resource[]): Finding[] {
  const consumed = ofType(all, CONSUMER).filter((each) => names(each, "eventSourceArn", queue));
  return [
    ...(consumed.length === 0 ? [wrong(queue, "has no consumer; write an EventSourceMapping for it")] : []),
    ...consumed
      .filter((each) => String(at(each, "enabled")) === "false")
      .map((each) => wrong(each, "is off, so nothing is copied; write enabled: true")),
    ...setAside(queue, all),
  ];
}

function setAside(queue: Resource, all: readonly Resource[]): Finding[] {
  const dead = deadLetters(queue, all);
  if (dead === undefined) {
    return [wrong(queue, "has no dead-letter queue, so what fails is lost; write a redrivePolicy")];
  }
  if (dead.length === 0) return [unknown(queue, "redrivePolicy")];
  return dead
    .filter((each) => !ofType(all, ALARM).some((alarm) => rings(alarm, each)))
    .map((each) => wrong(each, "has no alarm; write a MetricAlarm on ApproximateNumberOfMessagesVisible for it"));
}

/** The queues that a queue's failures go to; undefined when it has none, empty when they are not known. */
function deadLetters(queue: Resource, all: readonly Resource[]): Resource[] | undefined {
  const policy = at(queue, "redrivePolicy");
  if (policy === undefined || policy === "") return undefined;
  if (policy === UNKNOWN) return ofType(all, QUEUE).filter(({ urn }) => queue.takenFrom.redrivePolicy?.includes(urn));
  const { deadLetterTargetArn } = (jsonOf(policy) ?? {}) as { deadLetterTargetArn?: unknown };
  return ofType(all, QUEUE).filter((each) => at(each, "arn") === deadLetterTargetArn);
}

function rings(alarm: Resource, queue: Resource): boolean {
  const name = at(alarm, "dimensions", "QueueName");
  const of = typeof name === "string" ? name === at(queue, "name") : alarm.takenFrom.dimensions?.includes(queue.urn);
  const actions = at(alarm, "alarmActions");
  return of === true && (actions === UNKNOWN || listAt(alarm, "alarmActions").length > 0);
}
