import type { SecretStoreContext } from "./contract";

/** The common arguments of every cloud's secret store. */
export const secretStoreRequirements = ({
  settings,
  applicationNamespace,
  monitoringNamespace,
}: SecretStoreContext) => ({
  namespace: applicationNamespace,
  operator: {
    system: settings.system.id,
    production: settings.production,
    monitoringNamespace,
    chartMirror: settings.chartMirror,
    zones: settings.zones,
  },
  protect: settings.protect,
});
