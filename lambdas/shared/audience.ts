/** The audience that Entra expects in a token that is to be exchanged for one of its own. */
export const TOKEN_EXCHANGE_AUDIENCE = "api://AzureADTokenExchange";
