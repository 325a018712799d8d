package dev.guildhall.transport.netty;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Runs a class on the tests' class path without one of its libraries. */
final class ClassPathWithout {
    private ClassPathWithout() {}

    /**
     * Answers what the class does there.
     *
     * @param library part of its file's name
     * @param absent one of its classes
     * @param what has a public constructor without parameters
     */
    static Object call(String library, String absent, Class<? extends Callable<?>> what) throws Exception {
        List<URL> path = new ArrayList<>();
        for (String entry : classPath().split(File.pathSeparator, -1)) {
            if (!entry.contains(library)) {
                path.add(url(entry));
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            requireAbsent(loader, absent);
            Callable<?> inside = (Callable<?>)
                    loader.loadClass(what.getName()).getDeclaredConstructor().newInstance();
            return inside.call();
        }
    }

    private static void requireAbsent(ClassLoader loader, String absent) {
        try {
            loader.loadClass(absent);
        } catch (ClassNotFoundException e) {
            return;
        }
        throw new IllegalStateException(absent + " is there");
    }

    /** Surefire has a jar of its own on the class path, which names the others. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static URL url(String entry) throws MalformedURLException {
        return Path.of(entry).toUri().toURL();
    }
}
