/**
 * Name of the vault's secret that tells how to follow the primary, as `{"host","port","username","password"}`. It is
 * there where whoever links both sites has put it.
 */
export const REPLICATOR_SECRET = "primary-replicator";
