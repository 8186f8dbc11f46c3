const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

/** What reading blobs takes; listing them takes the same ("Permissions for calling data operations"). */
export const READ_BLOBS = `${BLOBS}/read`;

/**
 * The index tag of a copy whose source is gone, which the replicator leaves in its place: `dr_gone` is `yes`.
 *
 * The name of a tag stands in a condition with the note that its case counts ("Actions and attributes for Azure role
 * assignment conditions for Azure Blob Storage", Blob index tags [Values in key]).
 */
const GONE = `@Resource[${BLOBS}/tags:dr_gone<$key_case_sensitive$>]`;

/**
 * Keeps what is read on behalf of everybody to the content as it is: no former version, nothing that is gone, and no
 * list of what there is.
 *
 * Front Door hands the query of a request on, and its identity with it, so that without this anybody could ask for
 * `?comp=list`. A condition needs something to compare: the list may be had of names that begin with what none
 * does ("Example Azure role assignment conditions for Blob Storage"). Nearly all blobs have no tags, and no page says
 * what comes of comparing a tag that is not there; so that is asked first, which a condition may of any attribute
 * ("Azure role assignment condition format and syntax", Exists). Reading by tags needs no suboperation of its own:
 * `Blob.Read.WithTagConditions` is deprecated.
 */
export const PUBLIC_READING = [
  `(!(ActionMatches{'${READ_BLOBS}'} AND NOT SubOperationMatches{'Blob.List'}) OR (@Resource[${BLOBS}:isCurrentVersion] BoolEquals true AND (NOT Exists ${GONE} OR ${GONE} StringNotEquals 'yes')))`,
  `(!(ActionMatches{'${READ_BLOBS}'} AND SubOperationMatches{'Blob.List'}) OR @Request[${BLOBS}:prefix] StringEquals 'nobody may list')`,
].join(" AND ");
