/**
 * What a workload of the default size is taken to use in a month. None of it is measured: each number says why it is
 * what it is, and whoever knows better changes it here.
 */
export const USAGE = {
  /** A year's hours by twelve, as both vendors' calculators have it. */
  hours: 730,
  /** A year's days by twelve. */
  days: 365 / 12,

  /** GB of content: a shop's pictures and documents over some years. */
  contentGb: 500,
  /** GB of content that are put in a month, new or over something former: a twentieth. */
  contentGbPut: 25,
  /** Objects that are put or deleted in a month: half a MB each. */
  contentPuts: 50_000,
  /** GB of content that users fetch: each GB that is kept, three times. */
  contentGbServed: 1500,
  /** Requests for content: 50 KB each. */
  contentRequests: 30_000_000,
  /** Share of them that the edge has not got, and asks the origin for. */
  contentMisses: 0.1,

  /** Requests to the app: 23 in a second on average. */
  appRequests: 60_000_000,
  /** GB of the app's answers: 8 KB each, compressed. */
  appGbServed: 500,
  /** Load balancer capacity units on average: one for the requests, another for their peaks, since hours are billed. */
  balancerUnits: 2,
  /** GB between servers and the internet without the users: packages, partners, the clouds' own interfaces. */
  outboundGb: 200,
  /** GB between zones: two queries of three go to another one, and answer with as much as the users get. */
  betweenZonesGb: 500,
  /** Lookups of the workload's names, where each resolver asks again after a minute. */
  dnsQueries: 5_000_000,

  /** GiB of a server's own disk: what the images of Amazon Linux want. */
  serverDiskGib: 8,
  /** GiB of an image of a server, as it is kept on Azure, and how many versions of it. */
  imageGib: 8,
  imageVersions: 3,

  /** Share of the database's storage that is data: storage is bought ahead, for it never shrinks. */
  databaseFilled: 0.4,
  /** Share of the data that changes in a day; backups and binary logs are made of it. */
  databaseChanged: 0.03,
  /** A dump's size as a share of the data: without the indexes, and compressed to a quarter. */
  dumpShare: 0.2,
  /**
   * Hours that a replica takes to stand, to catch up and to go, and GiB that are dumped of it in an hour: two hours for
   * 100 GiB. It is made of a snapshot, whose blocks are fetched when they are first read.
   */
  replicaHours: 1,
  dumpedGibPerHour: 100,
  /** MiB of a portion before compression, as `planDump` puts chunks together. */
  portionMib: 64,
  /** Parts of the database that are dumped at once: `dumpConcurrency` as it is by default. */
  dumpsAtOnce: 8,
  /** Steps of the state machine for a portion, and for a night besides: an hour of looks each minute, and the sweeper's. */
  stepsOfPortion: 2,
  stepsOfNight: 300,
  /** Writes of a portion's files and record on either side: a quarter of its 64 MiB, in parts of some MiB. */
  writesOfPortion: 6,
  /** Hours that the standby's database takes to start and to stop, and GiB that are loaded and compared in an hour. */
  startHours: 0.25,
  loadedGibPerHour: 64,
  /** Operations for each 16 KiB page that a load writes: the page, and half a share of its logs and double writes. */
  operationsPerPage: 1.5,

  /** GB of logs at the primary: who spoke with whom in the network (30), and the database's slow queries. */
  primaryLogGb: 32,
  /** Logs shrink when they are stored ("CloudWatch pricing": archived compressed). */
  logStoredShare: 0.15,
  /** GB of logs at a standby that serves nobody: the vault's audit, the database's errors, deleted blobs. */
  standbyLogGb: 1,
  /** GB of an edge's log for a million requests: a kilobyte each. */
  edgeLogGb: 1,
  /** Operations on the vault: the servers read at boot, the database's secret is written now and then. */
  vaultOperations: 10_000,
  /** Seconds that the controller's function is up each minute, and the GB it is up with. */
  controllerSeconds: 2,
  controllerGb: 2,
  /** Lambda's GB-seconds for each object that is carried: half a second at 512 MB. */
  objectGbSeconds: 0.25,
};

/** GiB of data in a database. */
export function dataOf({ databaseStorageGib }: { databaseStorageGib: number }): number {
  return databaseStorageGib * USAGE.databaseFilled;
}

/** Chunks of a dump. */
export function chunksOf(gib: number): number {
  return Math.ceil((gib * 2 ** 10) / USAGE.portionMib);
}

/** Hours that something takes each night; there are no more than a day has. */
export function nightHours(before: number, gib: number, gibPerHour: number): number {
  return Math.min(24, before + gib / gibPerHour);
}

/**
 * Servers on average: the load is near its least for most of a day, so a quarter of the way to the most.
 *
 * @param share of the whole load that they carry
 */
export function averageServers({ min, max }: { min: number; max: number }, share = 1): number {
  return Math.max(min, (min + (max - min) / 4) * share);
}
