/**
 * What may change a secret, a tag of it or whether it lives.
 *
 * Of values Secrets Manager tells by itself ("Secret Label Updated"). Of all else it tells CloudTrail, and EventBridge
 * hears of that where the account has a trail of management events; where it has none, a comparison finds it.
 */
export const SECRET_CHANGES = {
  source: ["aws.secretsmanager"],
  $or: [
    { "detail-type": ["Secret Label Updated"], detail: { labelUpdated: ["AWSCURRENT"] } },
    {
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: {
        eventName: [
          ...["CreateSecret", "PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage", "TagResource"],
          ...["UntagResource", "DeleteSecret", "RestoreSecret"],
        ],
      },
    },
    {
      "detail-type": ["AWS Service Event via CloudTrail"],
      detail: { eventName: ["RotationSucceeded"] },
    },
  ],
};
