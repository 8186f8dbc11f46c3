// People of the team and its pipelines, who were there long before the stacks, and the built-in roles that they have.

/** Somebody of the team who may read every copy; the rehearsal looks at the copies as this one. */
export const OPERATOR_ID = "77777777-0000-4000-8000-000000000001";

/** The pipeline by which the team publishes content at the standby while it is declared lost at the primary. */
export const PUBLISHER_ID = "77777777-0000-4000-8000-000000000002";

/** Somebody of the team who may read secrets; the rehearsal looks at the copies of secrets as this one. */
export const SECRET_READER_ID = "77777777-0000-4000-8000-000000000003";

/** All of them: what they have is not the stacks'. */
export const TEAM = [OPERATOR_ID, PUBLISHER_ID, SECRET_READER_ID];

export const BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
export const BLOB_DATA_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
export const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
export const SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6";
export const VAULT_READER = "21090545-7ca7-4776-b22c-e363652d74d2";
export const BLOB_DATA_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
