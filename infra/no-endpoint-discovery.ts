/**
 * Stands in for the discovery of endpoints in every bundle: DynamoDB has one address in a region, and discovering it is off unless it is asked for.
 * Cache and middleware are 9 KB.
 */
export function resolveEndpointDiscoveryConfig<Config>(config: Config): Config {
  return config;
}

/** As the SDK reads its settings from environment and files: always off. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => false,
  configFileSelector: () => false,
  default: false,
};
