"""Near names, among what is known."""

from dataclasses import replace

from registry_lsp.core.packages import Found, Missing, PackageId, RegistryRef
from registry_lsp.session.nearby import Nearby
from support import toy

HERE = RegistryRef(url="https://registry.example/")


def id_of(name, *, url=HERE.url, ecosystem="toy"):
    return PackageId(ecosystem=ecosystem, name=name, registry=RegistryRef(url=url))


def found(name, *versions):
    return Found(package=toy.package(name, *versions), asked_at=0.0)


def test_a_near_name_of_the_same_registry_that_there_is_may_be_meant():
    lookups = {
        id_of("requests"): found("requests", "1", "2"),
        id_of("request"): Missing(),
        id_of("reqest", url="https://other.example/"): found("reqest", "1"),
        id_of("reqeust", ecosystem="other"): found("reqeust", "1"),
        id_of("flask"): found("flask", "1"),
    }
    assert Nearby(lambda: lookups, lookups.get).of(id_of("reqests")) == ("requests",)


def test_each_is_looked_at_once_and_what_is_new_counts():
    lookups, looked = {id_of("ones"): found("ones", "1")}, []

    class Ids(dict):
        def __iter__(self):
            for each in super().__iter__():
                looked.append(each.name)
                yield each

    known = Ids(lookups)
    nearby = Nearby(lambda: known, known.get)
    assert nearby.of(id_of("onse")) == ("ones",)
    assert nearby.of(id_of("onse")) == ("ones",)
    assert looked == ["ones"]
    known[id_of("onset")] = found("onset", "1", "2")
    assert nearby.of(id_of("onse")) == ("onset", "ones")
    known.clear()
    assert nearby.of(id_of("onse")) == ()


def test_a_registry_that_is_another_for_its_credential_is_another():
    private = replace(HERE, is_bound=True)
    lookups = {id_of("ones"): found("ones", "1")}
    nearby = Nearby(lambda: lookups, lookups.get)
    assert nearby.of(PackageId(ecosystem="toy", name="onse", registry=private)) == ()
