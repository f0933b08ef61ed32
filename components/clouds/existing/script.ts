/**
 * The preflight's script: POSIX shell and curl, for the BusyBox of its image. It queries the API
 * server, prints one line for each missing item with what to do about it, and fails if there is
 * any.
 *
 * Environment: API, CA_FILE, TOKEN_FILE, VERSIONS, STORAGE_CLASS, GATEWAY_CLASS,
 * GATEWAY_CONTROLLER, METRICS (yes or no), NODE_LABELS and NODE_SELECTOR (the same, encoded; both
 * may be empty), HELM_OWNED (`definition=namespace …`), POD_IP, POD_CIDR, SERVICE_CIDR,
 * KUBERNETES_SERVICE_HOST, and DEADLINE and PAUSE in seconds, because the network policy of a new
 * pod may take effect only after a while.
 */
const BEGIN = `set -u
newline='
'
missing=0
say() {
  echo "$1" >&2
  missing=1
}

# The token goes in by standard input: a process list shows arguments.
ask() {
  answer=$(printf 'Authorization: Bearer %s\\n' "$(cat "$TOKEN_FILE")" |
    curl --silent --show-error --max-time 10 --cacert "$CA_FILE" --header @- \\
      --header "Accept: \${2:-application/json}" --write-out '\\n%{http_code}' "$API$1" 2>&1)
  outcome=$?
  # Where curl failed, its reason stands beside a status of zeros, in an order of its own.
  status=\${answer##*"$newline"}
  body=\${answer%"$newline"*}
}
# Definitions are large: their names and annotations are enough.
about() { ask "$1" 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'; }
compact() { printf '%s\\n' "$body" | tr -d ' \\t\\r\\n'; }
field() { compact | sed -n 's|.*"'"$1"'":"\\([^"]*\\)".*|\\1|p'; }
unread() { say "$1 could not be read: the API server answered with status $status"; }
`;

const REACH = `
until=$(($(date +%s) + DEADLINE))
while ask /version; [ "$status" != 200 ]; do
  if [ "$(date +%s)" -ge "$until" ]; then
    reason=$(printf '%s\\n' "$answer" | sed -n 's/^0*\\(curl: .*\\)/\\1/p')
    case $outcome in
      0) unread "The version of Kubernetes" ;;
      6) say "$API is not found: DNS must be answered by pods of kube-system with the label k8s-app=kube-dns, where network policies let pods ask" ;;
      *) say "The API server does not answer at $API, to which network policies let pods out on TCP 443 and 6443: $reason" ;;
    esac
    exit 1
  fi
  sleep "$PAUSE"
done
`;

const VERSION = `
minor=$(field minor)
version=$(field major).\${minor%%[!0-9]*}
case " $VERSIONS " in
  *" $version "*) ;;
  *) say "Kubernetes is $version, but must be one of $VERSIONS, which all charts support: upgrade the cluster, or take one of these versions" ;;
esac
`;

const OBJECTS = `
ask "/apis/storage.k8s.io/v1/storageclasses/$STORAGE_CLASS"
case $status in
  200) ;;
  404) say "There is no storage class $STORAGE_CLASS: name one that 'kubectl get storageclass' lists" ;;
  *) unread "Storage class $STORAGE_CLASS" ;;
esac

# None is right: it will be created.
ask "/apis/gateway.networking.k8s.io/v1/gatewayclasses/$GATEWAY_CLASS"
case $status in
  200)
    controller=$(field controllerName)
    [ "$controller" = "$GATEWAY_CONTROLLER" ] ||
      say "Gateway class $GATEWAY_CLASS is there already, of $controller instead of $GATEWAY_CONTROLLER: remove it, or give it another name"
    ;;
  404) ;;
  *) unread "Gateway class $GATEWAY_CLASS" ;;
esac

if [ "$METRICS" = yes ]; then
  ask /apis/metrics.k8s.io/v1beta1
  case $status in
    200) ;;
    404) say "Nobody answers metrics.k8s.io: set runstack:metricsServer to create, so that metrics-server is installed" ;;
    *) say "metrics.k8s.io answers with status $status: repair metrics-server, without which no autoscaler works" ;;
  esac
else
  about /apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io
  case $status in
    200)
      # The one that will be installed is this Helm release; some clusters come with one beside it.
      [ "$(field meta.helm.sh/release-namespace)/$(field meta.helm.sh/release-name)" = kube-system/metrics-server ] ||
        say "metrics.k8s.io is answered already: set runstack:metricsServer to adopt, so that no second one is installed"
      ;;
    404) ;;
    *) unread "The registration of metrics.k8s.io" ;;
  esac
fi

if [ -n "$NODE_SELECTOR" ]; then
  ask "/api/v1/nodes?limit=1&labelSelector=$NODE_SELECTOR"
  case $status in
    200)
      case $(compact) in
        *'"items":[{'*) ;;
        *) say "No node has the labels $NODE_LABELS, by which workloads choose theirs: set them with 'kubectl label node'" ;;
      esac
      ;;
    *) unread "The list of nodes" ;;
  esac
fi

# A chart refuses what another release, or nobody's, has installed.
for pair in $HELM_OWNED; do
  definition=\${pair%%=*}
  about "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/$definition"
  case $status in
    200)
      owner=$(field meta.helm.sh/release-namespace)
      [ "$owner" = "\${pair#*=}" ] ||
        say "$definition is there already, of \${owner:+the Helm release in namespace }\${owner:-no Helm release}: remove what brought it, which would be installed a second time in \${pair#*=}"
      ;;
    404) ;;
    *) unread "Definition $definition" ;;
  esac
done
`;

const NETWORKS = `
number() {
  dots=$IFS
  IFS=.
  set -- $1
  IFS=$dots
  echo $((($1 << 24) + ($2 << 16) + ($3 << 8) + $4))
}
inside() {
  case $1 in
    *[!0-9.]*) return 1 ;;
  esac
  host=$((32 - \${2#*/}))
  [ $(($(number "$1") >> host)) -eq $(($(number "\${2%/*}") >> host)) ]
}
inside "$POD_IP" "$POD_CIDR" ||
  say "A pod has the address $POD_IP, which is not in $POD_CIDR: name the network that pods have their addresses from"
inside "$KUBERNETES_SERVICE_HOST" "$SERVICE_CIDR" ||
  say "A Service has the address $KUBERNETES_SERVICE_HOST, which is not in $SERVICE_CIDR: name the network that Services have their addresses from"

[ "$missing" -ne 0 ] || echo "The cluster has what is needed"
exit "$missing"
`;

export const PREFLIGHT_SCRIPT = [BEGIN, REACH, VERSION, OBJECTS, NETWORKS].join("");
