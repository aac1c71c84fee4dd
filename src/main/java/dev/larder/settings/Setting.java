package dev.larder.settings;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Every setting there is: its variable, unit, default and meaning. */
public enum Setting {
  HOME(
      "LARDER_HOME",
      Unit.PATH,
      "",
      "Root of the location `primary` (`--home`). Else `PRIMARY_CACHE_PATH`, else the parent of `HF_HUB_CACHE`, else"
          + " `HF_HOME`, else `$XDG_CACHE_HOME/huggingface`, else `~/.cache/huggingface`."),
  HUB_CACHE(
      "HF_HUB_CACHE",
      Unit.PATH,
      "",
      "The Hugging Face cache directory of `primary`, on the file system of the root; `<root>/hub` when not set."
          + " Ignored with `--home`."),
  SECONDARY_CACHE(
      "SECONDARY_CACHE_PATH",
      Unit.PATH,
      "",
      "Root of a second location, `secondary`: a cache of its own, on any file system. See `docs/locations.md`."),
  LOCATIONS(
      "LARDER_LOCATIONS",
      Unit.LOCATIONS,
      "",
      "More locations: `name=path,…`; `~` and `$NAME` are expanded in their paths."),
  HOST("LARDER_HOST", Unit.HOST, "127.0.0.1", "Address that `serve` listens on (`--host`)."),
  PORT(
      "LARDER_PORT",
      Unit.PORT,
      "8090",
      "Port that `serve` listens on (`--port`); 0 is any free one, which is printed."),
  PUBLIC_URL(
      "LARDER_PUBLIC_URL",
      Unit.URL,
      "",
      "Address that clients use, for absolute links; made of host and port when not set."),
  HUB_UPSTREAM(
      "LARDER_HUB_UPSTREAM",
      Unit.URL,
      "https://huggingface.co",
      "Base URL of the hub. An `http://` address is itself the consent to plain http for it."),
  HUB_PASSTHROUGH(
      "LARDER_HUB_PASSTHROUGH",
      Unit.BOOLEAN,
      "true",
      "Whether reads of the hub that are not cached (its other API paths, its pages, `git clone`) are put to it with the"
          + " caller's own token and passed on; 404 otherwise. Writes never are."),
  OCI_UPSTREAMS(
      "LARDER_OCI_UPSTREAMS",
      Unit.LIST,
      "docker.io,ghcr.io,quay.io,registry.ollama.ai",
      "Allowed registries; `name=URL` for another address.",
      Trait.LATER),
  PYPI_UPSTREAM(
      "LARDER_PYPI_UPSTREAM",
      Unit.URL,
      "https://pypi.org/simple/",
      "Python simple index.",
      Trait.LATER),
  NIX_UPSTREAM(
      "LARDER_NIX_UPSTREAM", Unit.URL, "https://cache.nixos.org", "Nix binary cache.", Trait.LATER),
  NIX_KEYS(
      "LARDER_NIX_KEYS",
      Unit.LIST,
      "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=",
      "Keys trusted to sign store paths.",
      Trait.LATER),
  URL_ALLOW(
      "LARDER_URL_ALLOW",
      Unit.LIST,
      "",
      "Hosts that `/fetch` may be asked for over HTTP; none when not set. The `fetch` command is not limited by it.",
      Trait.LATER),
  ALLOW_PRIVATE(
      "LARDER_ALLOW_PRIVATE",
      Unit.CIDRS,
      "",
      "CIDRs that upstreams and the hosts they redirect to may live in (private networks, loopback), on any port."),
  HOSTS(
      "LARDER_HOSTS",
      Unit.LIST,
      "",
      "Names under which the server may be asked, beside IP addresses, `localhost`, this machine's name and the name in"
          + " `LARDER_PUBLIC_URL`; `*` is any. Others get 421."),
  MAX_SIZE(
      "LARDER_MAX_SIZE",
      Unit.SIZE,
      "",
      "Byte budget of a location, of each on its own; unlimited when not set."),
  SOURCE_LIMITS(
      "LARDER_SOURCE_LIMITS",
      Unit.SOURCES,
      "",
      "Byte budgets of single sources within that of the location: `name=size,…`. The only source there is yet is `hf`."),
  MAX_SIZE_PER_CALLER(
      "LARDER_MAX_SIZE_PER_CALLER",
      Unit.SIZE,
      "",
      "Bytes that one client of `/hf` (a token, or an address without one) may have stored anew a day, in UTC; what is more"
          + " is passed on and not kept. Unlimited when not set."),
  MIN_FREE("LARDER_MIN_FREE", Unit.SIZE, "5GB", "Free space never to go below."),
  REF_TTL(
      "LARDER_REF_TTL",
      Unit.DURATION,
      "60s",
      "How long a branch's commit is trusted before the hub is asked again."),
  NEGATIVE_TTL("LARDER_NEGATIVE_TTL", Unit.DURATION, "10s", "How long a \"not there\" is trusted."),
  IMMUTABLE_TAGS(
      "LARDER_IMMUTABLE_TAGS",
      Unit.BOOLEAN,
      "false",
      "Whether a tag that means another commit at the hub than it did here is refused (409) instead of followed. Commits are"
          + " served by their hashes either way."),
  ACCESS_TTL(
      "LARDER_ACCESS_TTL",
      Unit.DURATION,
      "60s",
      "How long an access decision is trusted, \"public\" and \"allowed\" alike; a denial at most 10 s."),
  ADOPTED(
      "LARDER_ADOPTED",
      Unit.ADOPTED,
      "",
      "`public`: repos found on disk may be served by `/hf` without asking upstream."),
  OFFLINE(
      "LARDER_OFFLINE",
      Unit.BOOLEAN,
      "false",
      "Never go upstream. `HF_HUB_OFFLINE=1` means the same."),
  UPSTREAM_TOKEN(
      "LARDER_UPSTREAM_TOKEN",
      Unit.SECRET,
      "",
      "The site's own token for the hub. `HF_TOKEN` means the same."),
  MAX_RATE(
      "LARDER_MAX_RATE",
      Unit.RATE,
      "",
      "Bandwidth cap toward upstreams, bytes a second; unlimited when not set."),
  FETCH_CONNECTIONS(
      "LARDER_FETCH_CONNECTIONS", Unit.COUNT, "8", "Parallel ranges for one object, at most."),
  SCRUB_AT(
      "LARDER_SCRUB_AT",
      Unit.HOUR,
      "03:00",
      "When `serve` begins each night, by the machine's time, to hash a 28th of the store, what was checked longest ago"
          + " first; damage is quarantined and fetched again. `off`: never."),
  SCRUB_RATE(
      "LARDER_SCRUB_RATE",
      Unit.RATE,
      "20MB",
      "How fast it reads, bytes a second at most and in each location; it rests while downloads run."),
  ADMIN_TOKEN(
      "LARDER_ADMIN_TOKEN",
      Unit.SECRET,
      "",
      "Needed for changes through `/api` from a peer that is not loopback, as a bearer token. Under `/hf`, who has it"
          + " may read whatever the site's own token may."),
  DATABASE(
      "LARDER_DATABASE",
      Unit.DATABASE,
      "",
      "Database of the catalog; embedded SQLite when not set. `jdbc:postgresql://…` is refused: not available yet."),
  MODEL_MEMORY(
      "LARDER_MODEL_MEMORY",
      Unit.SIZE,
      "",
      "Byte budget of the models that `serve` holds in memory together; half of the machine's memory, or of the container's"
          + " limit, when not set.");

  private static final String PREFIX = "LARDER_";

  private final String variable;
  private final Unit unit;
  private final String defaultText;
  private final String help;
  private final Set<Trait> traits;

  Setting(String variable, Unit unit, String defaultText, String help, Trait... traits) {
    this.variable = variable;
    this.unit = unit;
    this.defaultText = defaultText;
    this.help = help;
    this.traits = Set.of(traits);
  }

  /** Its environment variable. */
  public String variable() {
    return variable;
  }

  /** Its key below {@code settings:} in {@code larder.yaml}: {@code ref-ttl}. */
  public String yamlKey() {
    String stem = variable.startsWith(PREFIX) ? variable.substring(PREFIX.length()) : variable;
    return stem.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public Unit unit() {
    return unit;
  }

  /** What holds when nothing is set; empty when nothing does. */
  public String defaultText() {
    return defaultText;
  }

  public String help() {
    return help;
  }

  /** Whether its value must not be shown. */
  public boolean secret() {
    return unit == Unit.SECRET;
  }

  /** Whether this version already does what it says. */
  public boolean built() {
    return !traits.contains(Trait.LATER);
  }

  /** Other variables that mean the same; the setting's own name decides before them. */
  List<String> synonyms() {
    if (this == OFFLINE) {
      return List.of("HF_HUB_OFFLINE");
    }
    return this == UPSTREAM_TOKEN ? List.of("HF_TOKEN") : List.of();
  }

  static Optional<Setting> ofVariable(String name) {
    for (Setting setting : values()) {
      if (setting.variable.equals(name)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }

  private enum Trait {
    LATER
  }
}
