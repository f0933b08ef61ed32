import type { SecretStoreContext } from "./contract";

/** What every cloud's secret store is told alike. */
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
  },
  protect: settings.protect,
});
