package dev.larder.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Host name to addresses. May block for as long as the system does. */
@FunctionalInterface
public interface NameLookup {
  NameLookup SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  List<InetAddress> addresses(String host) throws UnknownHostException;
}
