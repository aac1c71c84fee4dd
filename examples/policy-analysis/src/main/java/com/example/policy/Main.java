package com.example.policy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;

/** Starts the service; SIGTERM and Ctrl-C end it. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT %4$s %5$s%6$s%n");
    if (List.of(arguments).contains("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    try {
      start(Options.parse(List.of(arguments)));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(Options.USAGE);
      System.exit(2);
    } catch (IOException e) {
      System.err.println("The service could not start: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void start(Options options) throws IOException {
    SharedModels models = new SharedModels(options.models(), options.memory());
    Jobs jobs = new Jobs(models, options.jobs(), InstantSource.system());
    Server server = new Server(options.host(), options.port(), jobs, models);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(
                    () -> {
                      server.close();
                      jobs.close();
                      models.close();
                    }));
    server.start();
    InetSocketAddress address = server.address();
    System.out.println(
        "Policy analysis on http://"
            + options.host()
            + ":"
            + address.getPort()
            + ", models in "
            + options.models());
  }
}
