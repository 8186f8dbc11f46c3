/** Selects every call that writes or deletes an object of the bucket; the reads would be many, and change nothing. */
export function writesTo(bucketArn: string) {
  return {
    name: "Writes of the content",
    fieldSelectors: [
      { field: "eventCategory", equals: ["Data"] },
      { field: "resources.type", equals: ["AWS::S3::Object"] },
      // With the slash: another bucket's name may begin like this one's ("AdvancedFieldSelector").
      { field: "resources.ARN", startsWiths: [`${bucketArn}/`] },
      { field: "readOnly", equals: ["false"] },
    ],
  };
}
