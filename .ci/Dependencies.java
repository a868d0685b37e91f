import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import javax.xml.parsers.DocumentBuilderFactory;

import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Compares what the build's bill of materials holds with what is known to be needed: a
 * dependency that nobody has looked at, or a file that has changed, fails the build.
 * Needs no network. With --update, what is needed now is known.
 */
class Dependencies {

	private static final Path KNOWN = Path.of(".ci", "dependencies.txt");

	private static final File BILL = new File("target/bom.xml");

	public static void main(String[] arguments) throws Exception {
		if (!BILL.exists()) {
			System.err.println("There is no " + BILL + ". Maven writes it in any build without --offline, or by:");
			System.err.println("  mvn org.cyclonedx:cyclonedx-maven-plugin:makeAggregateBom@bill-of-materials");
			System.err.println("That needs no network if the local repository has the plugin and all dependencies.");
			System.exit(1);
		}
		TreeSet<String> needed = needed();
		if (List.of(arguments).contains("--update")) {
			Files.write(KNOWN, needed);
			return;
		}
		TreeSet<String> known = new TreeSet<>(Files.readAllLines(KNOWN));
		List<String> problems = new ArrayList<>();
		needed.stream().filter((line) -> !known.contains(line)).forEach((line) -> problems.add("new:  " + line));
		known.stream().filter((line) -> !needed.contains(line)).forEach((line) -> problems.add("gone: " + line));
		if (!problems.isEmpty()) {
			problems.forEach(System.err::println);
			System.err.println("Dependencies have changed. Look at them, then: java .ci/Dependencies.java --update");
			System.exit(1);
		}
		System.out.println(needed.size() + " dependencies, all of them known");
	}

	/** Returns a line for each: coordinates, SHA-256 and licences. */
	private static TreeSet<String> needed() throws Exception {
		DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
		factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
		Element components = child(factory.newDocumentBuilder().parse(BILL).getDocumentElement(), "components");
		TreeSet<String> needed = new TreeSet<>();
		for (Element component : children(components, "component")) {
			String group = text(component, "group");
			if (group.equals("io.github.llmcache")) {
				continue;
			}
			String sha256 = children(child(component, "hashes"), "hash").stream()
				.filter((hash) -> hash.getAttribute("alg").equals("SHA-256"))
				.map(Element::getTextContent)
				.findFirst()
				.orElse("-");
			List<String> licences = new ArrayList<>();
			for (Element licence : children(child(component, "licenses"), "license")) {
				licences.add(text(licence, "id") + text(licence, "name"));
			}
			children(child(component, "licenses"), "expression").forEach((each) -> licences.add(each.getTextContent()));
			needed.add(group + ":" + text(component, "name") + ":" + text(component, "version") + " " + sha256 + " "
					+ String.join(" / ", licences));
		}
		return needed;
	}

	private static String text(Element element, String name) {
		Element child = child(element, name);
		return (child != null) ? child.getTextContent().strip() : "";
	}

	private static Element child(Element element, String name) {
		List<Element> children = children(element, name);
		return children.isEmpty() ? null : children.get(0);
	}

	private static List<Element> children(Element element, String name) {
		List<Element> children = new ArrayList<>();
		for (Node node = (element != null) ? element.getFirstChild() : null; node != null; node = node
			.getNextSibling()) {
			if (node instanceof Element child && child.getTagName().equals(name)) {
				children.add(child);
			}
		}
		return children;
	}

}
