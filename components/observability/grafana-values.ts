import { CHART, chartResources } from "./chart-values";
import { restrictedContainer } from "../kit/security";

/** Data sources by uid, which dashboards refer to. */
export const DATA_SOURCE = { metrics: "prometheus", traces: "tempo" } as const;

/** The annotation with a dashboard's folder. */
export const FOLDER_ANNOTATION = "grafana_folder";

/**
 * Grafana without state: dashboards and data sources come from ConfigMaps, the administrator's
 * password from our Secret. One replica, because sessions are stored in its local database; a
 * restart only loses logins.
 */
export function grafanaValues(args: {
  readonly monitoringNamespace: string;
  readonly grafanaSecret: string;
  readonly grafanaRevision: string;
}): Record<string, unknown> {
  return {
    fullnameOverride: CHART.grafana,
    replicas: 1,
    admin: {
      existingSecret: args.grafanaSecret,
      userKey: "admin-user",
      passwordKey: "admin-password",
    },
    podAnnotations: { "runstack.dev/administrator": args.grafanaRevision },
    persistence: { enabled: false },
    testFramework: { enabled: false },
    resources: chartResources("50m", "192Mi", "384Mi"),
    containerSecurityContext: restrictedContainer(),
    // The root is read-only; plugins and uploads need a writable directory.
    extraEmptyDirMounts: [{ name: "tmp", mountPath: "/tmp" }],
    "grafana.ini": settings(),
    sidecar: sidecar(args.monitoringNamespace),
    additionalDataSources: [
      {
        name: "Tempo",
        type: "tempo",
        uid: DATA_SOURCE.traces,
        access: "proxy",
        url: `http://${CHART.traces}.${args.monitoringNamespace}.svc:3200`,
        jsonData: { serviceMap: { datasourceUid: DATA_SOURCE.metrics } },
      },
    ],
  };
}

function settings(): Record<string, unknown> {
  return {
    "auth.anonymous": { enabled: false },
    users: { allow_sign_up: false, allow_org_create: false },
    security: { cookie_samesite: "strict", disable_gravatar: true },
    snapshots: { external_enabled: false },
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
    },
  };
}

/** Loads dashboards from ConfigMaps of every namespace, and data sources from its own. */
function sidecar(monitoringNamespace: string): Record<string, unknown> {
  return {
    resources: chartResources("10m", "64Mi", "128Mi"),
    securityContext: restrictedContainer(),
    dashboards: {
      enabled: true,
      searchNamespace: "ALL",
      folderAnnotation: FOLDER_ANNOTATION,
      provider: { foldersFromFilesStructure: true, allowUiUpdates: false },
    },
    datasources: {
      enabled: true,
      uid: DATA_SOURCE.metrics,
      searchNamespace: monitoringNamespace,
    },
  };
}
