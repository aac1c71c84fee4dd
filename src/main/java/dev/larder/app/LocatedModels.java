package dev.larder.app;

import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.content.RepoId;
import dev.larder.mirror.Caller;
import dev.larder.models.ModelPlaces;
import dev.larder.upstream.Credential;
import java.util.function.Function;

/**
 * The locations of a house as models see them. {@code siteCaller}: whoever the site is, by whether
 * it may ask the hub (false) or is offline (true).
 */
record LocatedModels(Located located, Function<Boolean, Caller> siteCaller) implements ModelPlaces {
  @Override
  public Standing standing(RepoId repo) {
    LocationFront front = located.placeOf(repo);
    boolean restricted =
        front
            .rooms()
            .catalog()
            .repo(repo)
            .map(RepoRow::visibility)
            .filter(Visibility.RESTRICTED::equals)
            .isPresent();
    if (!front.place().tree().has(repo) && !front.rooms().hides(repo)) {
      return Standing.ABSENT;
    }
    return restricted ? Standing.RESTRICTED : Standing.CACHED;
  }

  @Override
  public boolean isRestricted(RepoId repo) {
    return located.placeOf(repo).puller().isRestricted(repo);
  }

  @Override
  public void requireLocation(String name) {
    LocationFront _ = located.named(name);
  }

  @Override
  public Place placeOf(RepoId repo, String wanted) {
    LocationFront front = located.writable(repo, wanted);
    return new Place(front.name(), front.puller(), front.rooms().store());
  }

  @Override
  public void bringing(RepoId repo, Place place, Runnable work) {
    Boolean _ =
        located.bringing(
            repo,
            located.named(place.location()),
            () -> {
              work.run();
              return true;
            });
  }

  @Override
  public Caller site(boolean offline) {
    return siteCaller.apply(offline);
  }

  @Override
  public Caller onBehalfOf(Caller operator) {
    return operator.credential() instanceof Credential.Token ? operator : site(operator.offline());
  }
}
