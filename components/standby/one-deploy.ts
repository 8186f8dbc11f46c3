/**
 * The template that has a function app take a package from a blob.
 *
 * A Flex Consumption app takes new code by this operation alone: a package that is merely laid into its deployment
 * container is not deployed, and the triggers in it stay unknown ("Automate resource deployment for your function app",
 * Deployment package). Azure signs the package's address itself, for an hour, so nothing here is a secret.
 */
export const ONE_DEPLOY = {
  $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  contentVersion: "1.0.0.0",
  parameters: {
    app: { type: "string" },
    account: { type: "string" },
    /** Where the blob service answers, with a slash at the end. */
    blobEndpoint: { type: "string" },
    /** Container and name of the blob. */
    blob: { type: "string" },
    // The clock is Azure's, and its time is allowed in defaults only ("utcNow").
    until: { type: "string", defaultValue: "[dateTimeAdd(utcNow('u'), 'PT1H', 'yyyy-MM-ddTHH:mm:ssZ')]" },
  },
  variables: {
    reading: {
      canonicalizedResource: "[concat('/blob/', parameters('account'), '/', parameters('blob'))]",
      signedResource: "b",
      signedPermission: "r",
      signedProtocol: "https",
      signedExpiry: "[parameters('until')]",
    },
    accountId: "[resourceId('Microsoft.Storage/storageAccounts', parameters('account'))]",
  },
  resources: [
    {
      type: "Microsoft.Web/sites/extensions",
      apiVersion: "2022-09-01",
      name: "[concat(parameters('app'), '/onedeploy')]",
      properties: {
        packageUri:
          "[concat(parameters('blobEndpoint'), parameters('blob'), '?', listServiceSas(variables('accountId'), '2023-05-01', variables('reading')).serviceSasToken)]",
        remoteBuild: false,
      },
    },
  ],
} as const;
