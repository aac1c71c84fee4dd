package dev.larder.mirror;

import dev.larder.catalog.CatalogException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTreeException;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.LfsObjectId;
import dev.larder.upstream.huggingface.PassRequest;
import dev.larder.upstream.huggingface.Passed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One hub over several caches, each with a mirror of its own. A repo lives in one of them: every
 * question about it goes there. What is about no repo, and a repo that is nowhere yet, goes to the
 * first.
 *
 * <p>Where a repo lives is known in memory, so {@link #peek} is as quick as with one cache. A repo
 * that another program put into a further cache is seen when a question about it has to look at the
 * disk anyhow: one look for each further cache. Safe for concurrent use.
 */
public final class LocatedMirror implements HubMirror {
  private static final Logger LOG = LoggerFactory.getLogger(LocatedMirror.class);

  private final List<Place> places;
  private final Place first;

  /** Those that do not live in the first, or are about to. */
  private final ConcurrentMap<RepoId, Place> elsewhere = new ConcurrentHashMap<>();

  /**
   * One cache. {@code name}: what users call it. {@code hides}: whether it has files of a repo that
   * are not shown in a tree, since not everybody may read them.
   */
  public record Place(
      String name, CachingHubMirror mirror, HubTree tree, Predicate<RepoId> hides) {}

  /** A repo that lies in two caches; {@code used} is the one that is asked. */
  public record Twice(RepoId repo, String used, String passedOver) {}

  /** {@code places} is not empty; the order decides where a repo lives that is in several. */
  public LocatedMirror(List<Place> places) {
    this.places = List.copyOf(places);
    this.first = this.places.getFirst();
  }

  /**
   * Learns which repos live in {@code place}: those of its tree, and those of {@code restricted}
   * ones that it hides. Answers those that an earlier one has too.
   */
  public List<Twice> learn(Place place, Collection<RepoId> restricted) {
    List<Twice> twice = new ArrayList<>();
    for (RepoId repo : place.tree().repos()) {
      Optional<Place> lives = livesIn(repo);
      if (lives.filter(place::equals).isPresent()) {
        move(repo, place);
      } else if (has(place, repo)) {
        lives.ifPresent(used -> twice.add(new Twice(repo, used.name(), place.name())));
      }
    }
    for (RepoId repo : restricted) {
      if (place != first && livesIn(repo).filter(place::equals).isPresent()) {
        elsewhere.putIfAbsent(repo, place);
      }
    }
    return twice;
  }

  /** The first of them whose tree has it, else the first that hides it. */
  public Optional<Place> livesIn(RepoId repo) {
    return having(repo)
        .findFirst()
        .or(() -> places.stream().filter(place -> hides(place, repo)).findFirst());
  }

  /** All whose trees have it: the one where it lives and those with a spare. */
  public Stream<Place> having(RepoId repo) {
    return places.stream().filter(place -> has(place, repo));
  }

  private static boolean hides(Place place, RepoId repo) {
    try {
      return place.hides().test(repo);
    } catch (CatalogException e) {
      LOG.debug("whether {} is in {} cannot be seen", repo, place.name(), e);
      return false;
    }
  }

  /** The disk of one cache that fails is no trouble of the others. */
  private static boolean has(Place place, RepoId repo) {
    try {
      return place.tree().has(repo);
    } catch (HubTreeException e) {
      LOG.debug("whether {} is in {} cannot be seen", repo, place.name(), e);
      return false;
    }
  }

  /** Where the repo lives, or would if it came now. May look at the disk. */
  public Place placeOf(RepoId repo) {
    Place known = elsewhere.get(repo);
    if (known != null) {
      return known;
    }
    for (Place place : places) {
      if (place != first && has(place, repo)) {
        return has(first, repo) ? first : moved(repo, place);
      }
    }
    return first;
  }

  /** From now on {@code repo} lives in {@code place}. */
  public void move(RepoId repo, Place place) {
    Place _ = moved(repo, place);
  }

  private Place moved(RepoId repo, Place place) {
    if (place == first) {
      elsewhere.remove(repo);
    } else {
      elsewhere.put(repo, place);
    }
    return place;
  }

  /** It was removed, or did not come: unless something of it is there, it is nowhere. */
  public void reconsider(RepoId repo) {
    Place known = elsewhere.get(repo);
    if (known != null && !has(known, repo) && !hides(known, repo)) {
      elsewhere.remove(repo, known);
    }
  }

  @Override
  public @Nullable Answer peek(EntryRequest request) {
    return elsewhere.getOrDefault(request.repo(), first).mirror().peek(request);
  }

  @Override
  public Answer open(EntryRequest request) {
    return placeOf(request.repo()).mirror().open(request);
  }

  @Override
  public DocumentAnswer document(DocumentRequest request, Caller caller) {
    return request.about().map(this::placeOf).orElse(first).mirror().document(request, caller);
  }

  @Override
  public Found<Passed> pass(Supplier<PassRequest> request, Caller caller) {
    return first.mirror().pass(request, caller);
  }

  @Override
  public LfsAnswer lfs(
      RepoId repo, Optional<Revision> at, List<LfsObjectId> objects, Caller caller) {
    return placeOf(repo).mirror().lfs(repo, at, objects, caller);
  }

  @Override
  public Found<Passed> lfsObject(RepoId repo, LfsObjectId object, Caller caller) {
    return placeOf(repo).mirror().lfsObject(repo, object, caller);
  }
}
