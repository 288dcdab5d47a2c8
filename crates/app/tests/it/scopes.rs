//! Who sees which object: own, sibling, parent, child, other city, unpublished. Each slice adds its
//! objects here; those outside an object's scope must find nothing at all.

use crate::both;
use crate::world::World;

/// One object's page, who sees it and for whom it does not exist.
pub struct Object {
    pub path: String,
    pub seen_by: Vec<&'static str>,
    pub missing_for: Vec<&'static str>,
}

/// Every slice's objects in a world of its own making.
async fn objects(world: &World) -> Vec<Object> {
    let mut objects = Vec::new();
    objects.extend(crate::people::objects(world));
    objects
}

both!(an_object_exists_only_within_its_scope, world => {
    for object in objects(&world).await {
        for login in &object.seen_by {
            let answer = world.person(login).await.get(&object.path).await;
            assert_eq!(answer.status, 200, "{login} sees {}: {}", object.path, answer.words());
        }
        for login in &object.missing_for {
            let answer = world.person(login).await.get(&object.path).await;
            assert_eq!(answer.status, 404, "{login} finds nothing at {}: {}", object.path, answer.words());
        }
    }
});
