const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

/** What reading blobs takes; listing them takes the same ("Permissions for calling data operations"). */
export const READ_BLOBS = `${BLOBS}/read`;

/**
 * Keeps what is read on behalf of everybody to the content as it is: no former version, and no list of what there is.
 *
 * Front Door hands the query of a request on, and its identity with it, so that without this anybody could ask for
 * `?comp=list`. A condition needs something to compare: the list may be had of names that begin with what none
 * does ("Example Azure role assignment conditions for Blob Storage").
 */
export const PUBLIC_READING = [
  `(!(ActionMatches{'${READ_BLOBS}'} AND NOT SubOperationMatches{'Blob.List'}) OR @Resource[${BLOBS}:isCurrentVersion] BoolEquals true)`,
  `(!(ActionMatches{'${READ_BLOBS}'} AND SubOperationMatches{'Blob.List'}) OR @Request[${BLOBS}:prefix] StringEquals 'nobody may list')`,
].join(" AND ");
